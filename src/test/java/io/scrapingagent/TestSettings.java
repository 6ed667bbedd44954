package io.scrapingagent;

import io.scrapingagent.config.AgentProperties;
import io.scrapingagent.config.InvalidSettingsException;
import io.scrapingagent.config.Settings;
import io.scrapingagent.config.SettingsSource;
import java.util.List;
import java.util.Map;

/** Settings of an agent in a test: what it is given, and else the packaged defaults. */
public final class TestSettings {

    private TestSettings() {}

    /** Returns the settings that these variables make. */
    public static Settings of(Map<String, String> environment) throws InvalidSettingsException {
        return Settings.load(
                SettingsSource.of(Map.of(), environment, List.of(AgentProperties.defaults())));
    }
}
