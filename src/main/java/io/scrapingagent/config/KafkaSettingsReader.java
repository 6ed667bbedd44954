package io.scrapingagent.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scrapingagent.config.SettingsSource.Layer;
import io.scrapingagent.config.SettingsSource.SettingValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the Kafka settings of all layers, from KAFKA_SETTINGS and from single variables. */
final class KafkaSettingsReader {

    private static final String SETTINGS = "KAFKA_SETTINGS";
    private static final String PREFIX = "kafka.";
    private static final String FILE = ".file";
    private static final String JSON_ALLOWED = "a JSON object of Kafka settings";

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
    private int layer;

    private KafkaSettingsReader(Findings findings) {
        this.findings = findings;
    }

    /** All settings given, those that win first. */
    static List<KafkaSetting> read(SettingsSource source, Findings findings) {
        KafkaSettingsReader reader = new KafkaSettingsReader(findings);
        for (Layer variables : source.layers()) {
            reader.readVariables(variables);
            variables.findSecret(SETTINGS, findings).ifPresent(reader::readJson);
            reader.layer++;
        }
        return List.copyOf(reader.settings);
    }

    private void readVariables(Layer variables) {
        for (String property : variables.propertiesUnder(PREFIX)) {
            String variable = SettingsSource.variable(property);
            if (variable.equals(SETTINGS) || variable.equals(SETTINGS + "_FILE")) {
                continue;
            }
            String name = KafkaNames.normalized(property.substring(PREFIX.length()));
            String secret = secretOfFile(name);
            if (secret != null) {
                String secretVariable = variable.substring(0, variable.length() - FILE.length());
                variables
                        .findSecret(secretVariable, findings)
                        .ifPresent(given -> add(given.label(), secret, given.value(), false));
            } else if (KafkaNames.isSecret(name)) {
                // with its file beside it, the pair is read, or reported, under the file's name
                if (!variables.hasFile(variable)) {
                    variables
                            .findSecret(variable, findings)
                            .ifPresent(given -> add(given.label(), name, given.value(), false));
                }
            } else {
                variables
                        .find(variable)
                        .ifPresent(given -> add(variable, name, given.value(), false));
            }
        }
    }

    /** The secret whose file the name points to: some of Java's own names end like that too. */
    private static String secretOfFile(String name) {
        if (KafkaNames.isKnown(name) || !name.endsWith(FILE)) {
            return null;
        }
        String secret = KafkaNames.normalized(name.substring(0, name.length() - FILE.length()));
        return KafkaNames.isSecret(secret) ? secret : null;
    }

    private void readJson(SettingValue given) {
        JsonNode root;
        try {
            root = JSON.readTree(given.value());
        } catch (JsonProcessingException e) {
            // neither the exception nor its text may go on: they quote the document
            String where =
                    e.getLocation() == null
                            ? ""
                            : " (line %d, column %d)"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr());
            findings.notAllowed(given.label(), Secret.MASK, JSON_ALLOWED + where);
            return;
        }
        if (!root.isObject()) {
            findings.notAllowed(given.label(), Secret.MASK, JSON_ALLOWED);
            return;
        }
        root.properties().forEach(field -> readField(given, field.getKey(), field.getValue()));
    }

    private void readField(SettingValue given, String givenName, JsonNode value) {
        String label = given.label() + " " + givenName;
        String name = KafkaNames.normalized(givenName);
        if (!KafkaNames.isKnown(name)) {
            // reported by its name alone, so its value need not be understood
            add(label, name, "", true);
            return;
        }
        if (value.isNull() && !name.equals("compression.type")) {
            return;
        }
        Optional<String> text = text(value);
        if (text.isEmpty()) {
            findings.problem(
                    label + ": allowed is a text, a number, true, false or a list of these");
            return;
        }
        add(label, name, KafkaNames.isSecret(name) ? text.get() : text.get().strip(), true);
    }

    /**
     * The value as a setting's text, Python's None for null; nothing if it is nested too deeply to
     * be one.
     */
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
        if (!value.isArray()) {
            return Optional.empty();
        }
        List<String> items = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isValueNode()) {
                return Optional.empty();
            }
            items.add(item.asText());
        }
        return Optional.of(String.join(",", items));
    }

    /** The items of a list written as JSON in a variable; nothing if it is not one. */
    static Optional<String> listText(String value) {
        if (!value.startsWith("[")) {
            return Optional.empty();
        }
        try {
            return text(JSON.readTree(value));
        } catch (JsonProcessingException e) {
            // an IPv6 address begins with a bracket too
            return Optional.empty();
        }
    }

    private void add(String label, String name, String value, boolean fromJson) {
        findings.warnIfQuoted(label, value);
        if (name.endsWith("password")) {
            findings.warnOfWhiteSpace(label, value);
        }
        settings.add(new KafkaSetting(label, name, value, layer, fromJson));
    }
}
