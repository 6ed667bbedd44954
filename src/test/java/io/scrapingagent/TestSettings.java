package io.scrapingagent;

import io.scrapingagent.settings.InvalidSettingsException;
import io.scrapingagent.settings.Settings;
import io.scrapingagent.settings.SettingsSource;
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
