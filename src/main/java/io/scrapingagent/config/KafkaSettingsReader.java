package io.scrapingagent.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Collects the Kafka settings of all layers, from KAFKA_SETTINGS and from single variables. */
final class KafkaSettingsReader {

    private static final String SETTINGS = "KAFKA_SETTINGS";
    private static final String PREFIX = "KAFKA_";
    private static final Pattern VARIABLE = Pattern.compile("KAFKA_(?!SETTINGS(_FILE)?$).+");

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
        for (SettingsSource layer : source.layers()) {
            reader.readVariables(layer);
            layer.secret(SETTINGS, findings).ifPresent(reader::readJson);
        }
        return reader.settings;
    }

    private void readVariables(SettingsSource layer) {
        Set<String> variables = new TreeSet<>();
        layer.variables(VARIABLE).forEach(it -> variables.add(withoutFileOfSecret(it)));
        for (String variable : variables) {
            String name = name(variable);
            Optional<String> value =
                    KafkaVocabulary.isSecret(name)
                            ? layer.secret(variable, findings)
                            : layer.value(variable);
            value.ifPresent(it -> add(variable, name, it));
        }
    }

    /**
     * Returns the variable of the secret if this one names its file: some of Java's end so, too.
     */
    private static String withoutFileOfSecret(String variable) {
        String secret = variable.replaceFirst(SettingsSource.FILE + "$", "");
        return KafkaVocabulary.isSecret(name(secret)) && !KafkaVocabulary.isKnown(name(variable))
                ? secret
                : variable;
    }

    private static String name(String variable) {
        return KafkaVocabulary.name(variable.substring(PREFIX.length()));
    }

    private void readJson(String json) {
        String allowed = "a JSON object of Kafka settings";
        JsonNode root = null;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            // neither the exception nor its text may go on: they quote the document
            allowed += " (%s)".formatted(e.getLocation().offsetDescription());
        }
        if (root == null || !root.isObject()) {
            findings.notAllowed(SETTINGS, Findings.MASK, allowed);
            return;
        }
        root.properties().forEach(field -> readField(field.getKey(), field.getValue()));
    }

    private void readField(String givenName, JsonNode value) {
        String label = SETTINGS + " " + givenName;
        String name = KafkaVocabulary.name(givenName);
        if (!KafkaVocabulary.isKnown(name)) {
            // reported by its name alone, so its value need not be understood
            add(label, name, "");
        } else if (!value.isNull() || name.equals("compression.type")) {
            text(value)
                    .map(it -> KafkaVocabulary.isSecret(name) ? it : it.strip())
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
