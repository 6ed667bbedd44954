package io.scrapingagent.config;

import io.scrapingagent.config.SettingsSource.SettingValue;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
                    String text = value == null ? "" : withoutFileMarks(value);
                    if (!text.isBlank() && !AgentProperties.isOfKubernetes(name, text)) {
                        properties.put(property(name), text);
                    }
                });
        return new SettingsLayer(properties);
    }

    /** Without what editors and Windows add to a text: a byte order mark, line ends. */
    static String withoutFileMarks(String text) {
        return text.replaceFirst("\\A\\uFEFF", "").replaceFirst("[\\r\\n]+\\z", "");
    }

    /** The property names that begin so, in order. */
    List<String> propertiesUnder(String prefix) {
        return properties.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    Optional<SettingValue> find(String variable) {
        return Optional.ofNullable(properties.get(property(variable)))
                .map(value -> new SettingValue(variable, value.strip()));
    }

    boolean hasSecret(String variable) {
        return properties.containsKey(property(variable)) || hasFile(variable);
    }

    boolean hasFile(String variable) {
        return properties.containsKey(property(variable + FILE));
    }

    Optional<SettingValue> findSecret(String variable, Findings findings) {
        String value = properties.get(property(variable));
        Optional<SettingValue> file = find(variable + FILE);
        if (value != null && file.isPresent()) {
            findings.problem(variable + " and " + file.get().label() + " are both set: set one");
            return Optional.empty();
        }
        if (file.isPresent()) {
            return SettingsFile.read(file.get(), findings)
                    .map(text -> new SettingValue(variable, text));
        }
        return Optional.ofNullable(value).map(text -> new SettingValue(variable, text));
    }

    /** The property of a variable. */
    static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The variable of a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** A file that a variable names. Its content may be secret, so no message shows any of it. */
    static final class SettingsFile {

        private SettingsFile() {}

        /** The UTF-8 text of the file without a byte order mark and line ends after it. */
        static Optional<String> read(SettingValue path, Findings findings) {
            String text;
            try {
                text = Files.readString(Path.of(path.value()), StandardCharsets.UTF_8);
            } catch (NoSuchFileException | InvalidPathException e) {
                return unusable(path, "there is no such file", findings);
            } catch (CharacterCodingException e) {
                return unusable(path, "the file is not UTF-8 text", findings);
            } catch (IOException e) {
                return unusable(path, "the file cannot be read", findings);
            }
            String content = withoutFileMarks(text);
            if (content.isBlank()) {
                return unusable(path, "the file is empty", findings);
            }
            return Optional.of(content);
        }

        private static Optional<String> unusable(
                SettingValue path, String reason, Findings findings) {
            findings.problem(path.label() + "=" + path.value() + ": " + reason);
            return Optional.empty();
        }
    }
}
