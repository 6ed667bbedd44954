package io.scrapingagent.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The variables of one source, under their property names. */
final class SettingsLayer {

    private static final String FILE = "_FILE";

    private final Map<String, String> properties;

    private SettingsLayer(Map<String, String> properties) {
        this.properties = properties;
    }

    static SettingsLayer of(Map<String, String> values) {
        Map<String, String> properties = new TreeMap<>();
        values.forEach(
                (name, value) -> {
                    if (value != null && !value.isBlank()) {
                        properties.put(property(name), value);
                    }
                });
        return new SettingsLayer(properties);
    }

    /** The property names that begin so, in order. */
    List<String> propertiesUnder(String prefix) {
        return properties.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    Optional<Given> find(String variable) {
        return Optional.ofNullable(properties.get(property(variable)))
                .map(value -> new Given(variable, value.strip()));
    }

    boolean hasSecret(String variable) {
        return properties.containsKey(property(variable)) || hasFile(variable);
    }

    boolean hasFile(String variable) {
        return properties.containsKey(property(variable + FILE));
    }

    Optional<Given> findSecret(String variable, Findings findings) {
        String value = properties.get(property(variable));
        Optional<Given> file = find(variable + FILE);
        if (value != null && file.isPresent()) {
            findings.problem(variable + " and " + file.get().label() + " are both set: set one");
            return Optional.empty();
        }
        if (file.isPresent()) {
            return SettingsFile.read(file.get(), findings).map(text -> new Given(variable, text));
        }
        return Optional.ofNullable(value).map(text -> new Given(variable, text));
    }

    /** The property of a variable. */
    static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
