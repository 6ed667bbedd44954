package io.scrapingagent.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import io.scrapingagent.config.SettingsSource.Layer;
import io.scrapingagent.config.SettingsSource.SettingValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Collects the Kafka settings of all layers, from KAFKA_SETTINGS and from single variables. */
final class KafkaSettingsReader {

    private static final String SETTINGS = "KAFKA_SETTINGS";
    private static final String PREFIX = "kafka.";
    private static final String FILE = ".file";

    /** Python writes infinity without quotes, and its JSON reader takes it. */
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private final Findings findings;
    private final List<KafkaSetting> settings = new ArrayList<>();

    private KafkaSettingsReader(Findings findings) {
        this.findings = findings;
    }

    /** All settings given, those that win first. */
    static List<KafkaSetting> read(SettingsSource source, Findings findings) {
        KafkaSettingsReader reader = new KafkaSettingsReader(findings);
        for (Layer layer : source.layers()) {
            reader.readVariables(layer);
            layer.findSecret(SETTINGS, findings).ifPresent(reader::readJson);
        }
        return reader.settings;
    }

    private void readVariables(Layer layer) {
        Set<String> names = new TreeSet<>();
        for (String property : layer.propertiesUnder(PREFIX)) {
            String name = property.substring(PREFIX.length());
            names.add(
                    isFileOfSecret(name) ? name.substring(0, name.length() - FILE.length()) : name);
        }
        names.removeAll(Set.of("settings", "settings.file"));
        for (String name : names) {
            String variable = SettingsSource.variable(PREFIX + name);
            String setting = KafkaNames.normalized(name);
            Optional<SettingValue> given =
                    KafkaNames.isSecret(setting)
                            ? layer.findSecret(variable, findings)
                            : layer.find(variable);
            given.ifPresent(it -> add(variable, setting, it.value()));
        }
    }

    /** Tells whether a name is a secret's with .file after it: some of Java's own end like that. */
    private static boolean isFileOfSecret(String name) {
        return name.endsWith(FILE)
                && !KafkaNames.isKnown(name)
                && KafkaNames.isSecret(
                        KafkaNames.normalized(name.substring(0, name.length() - FILE.length())));
    }

    private void readJson(SettingValue given) {
        String allowed = "a JSON object of Kafka settings";
        JsonNode root = null;
        try {
            root = JSON.readTree(given.value());
        } catch (JsonProcessingException e) {
            // neither the exception nor its text may go on: they quote the document
            allowed += " (%s)".formatted(e.getLocation().offsetDescription());
        }
        if (root == null || !root.isObject()) {
            findings.notAllowed(given.label(), Findings.MASK, allowed);
            return;
        }
        root.properties().forEach(field -> readField(field.getKey(), field.getValue()));
    }

    private void readField(String givenName, JsonNode value) {
        String label = SETTINGS + " " + givenName;
        String name = KafkaNames.normalized(givenName);
        if (!KafkaNames.isKnown(name)) {
            // reported by its name alone, so its value need not be understood
            add(label, name, "");
        } else if (!value.isNull() || name.equals("compression.type")) {
            text(value)
                    .map(it -> KafkaNames.isSecret(name) ? it : it.strip())
                    .ifPresentOrElse(
                            it -> add(label, name, it),
                            () ->
                                    findings.problem(
                                            label
                                                    + ": allowed is a text, a number, true, false or"
                                                    + " a list of these"));
        }
    }

    /** The value as a setting's text, Python's None for null; nothing for what is nested. */
    private static Optional<String> text(JsonNode value) {
        if (value.isNull()) {
            return Optional.of("None");
        }
        if (value.isBigDecimal()) {
            return Optional.of(value.decimalValue().toPlainString());
        }
        if (value.isValueNode()) {
            return Optional.of(value.asText());
        }
        List<String> items = new ArrayList<>();
        for (JsonNode item : value) {
            if (!value.isArray() || !item.isValueNode()) {
                return Optional.empty();
            }
            items.add(item.asText());
        }
        return Optional.of(String.join(",", items));
    }

    /** The items of a list written as JSON in a variable; nothing if it is not one. */
    static Optional<String> listText(String value) {
        try {
            return value.startsWith("[") ? text(JSON.readTree(value)) : Optional.empty();
        } catch (JsonProcessingException e) {
            // an IPv6 address begins with a bracket too
            return Optional.empty();
        }
    }

    private void add(String label, String name, String value) {
        findings.warnIfQuoted(label, value);
        if (name.endsWith("password")) {
            findings.warnOfWhiteSpace(label, value);
        }
        settings.add(new KafkaSetting(label, name, value));
    }
}
