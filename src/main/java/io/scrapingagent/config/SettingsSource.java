package io.scrapingagent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from: layers of which a stronger one hides a weaker one, variable by
 * variable. Every variable is also a property, {@code MINUTE_TO_SCRAPE_AT} is {@code
 * minute.to.scrape.at}. An empty value counts as not set.
 */
public final class SettingsSource {

    private final List<SettingsLayer> layers;
    private final Map<String, String> systemProperties;

    private SettingsSource(List<SettingsLayer> layers, Map<String, String> systemProperties) {
        this.layers = layers;
        this.systemProperties = systemProperties;
    }

    /**
     * The layers, strongest first: system properties, environment, then the property layers.
     *
     * @param systemProperties the system properties of the JVM
     * @param environment the environment variables
     * @param propertyLayers the contents of property files, strongest first, defaults last
     */
    public static SettingsSource of(
            Map<String, String> systemProperties,
            Map<String, String> environment,
            List<Map<String, String>> propertyLayers) {
        List<SettingsLayer> layers = new ArrayList<>();
        layers.add(SettingsLayer.of(systemProperties));
        layers.add(SettingsLayer.of(environment));
        propertyLayers.forEach(layer -> layers.add(SettingsLayer.of(layer)));
        return new SettingsSource(List.copyOf(layers), Map.copyOf(systemProperties));
    }

    /** The value of a variable in the strongest layer that has it. */
    Optional<SettingValue> find(String variable) {
        return layers.stream().flatMap(layer -> layer.find(variable).stream()).findFirst();
    }

    /** As {@link #find}, for a secret, whose value may also be in a file. */
    Optional<SettingValue> findSecret(String variable, Findings findings) {
        for (SettingsLayer layer : layers) {
            if (layer.hasSecret(variable)) {
                return layer.findSecret(variable, findings);
            }
        }
        return Optional.empty();
    }

    /** Whether a secret was given, readable or not. */
    boolean hasSecret(String variable) {
        return layers.stream().anyMatch(layer -> layer.hasSecret(variable));
    }

    List<SettingsLayer> layers() {
        return layers;
    }

    /** A system property that is not a setting of the agent. */
    Optional<String> systemProperty(String name) {
        return Optional.ofNullable(systemProperties.get(name));
    }

    /**
     * The value somebody gave to a variable.
     *
     * @param label the variable to name in messages
     * @param value the value, never empty
     */
    record SettingValue(String label, String value) {

        @Override
        public String toString() {
            return label;
        }
    }
}
