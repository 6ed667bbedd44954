package io.scrapingagent.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scrapingagent.config.KafkaSettings.KafkaSetting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    private final SettingsReport report;
    private final List<KafkaSetting> settings = new ArrayList<>();
    private final Set<String> namesTaken = new HashSet<>();

    private KafkaSettingsReader(SettingsReport report) {
        this.report = report;
    }

    /** Returns the settings that count, each once. */
    static List<KafkaSetting> read(SettingsSource source, SettingsReport report) {
        KafkaSettingsReader reader = new KafkaSettingsReader(report);
        for (SettingsSource layer : source.layers()) {
            reader.readVariables(layer);
            layer.secret(SETTINGS, report).ifPresent(reader::readJson);
        }
        return reader.settings;
    }

    private void readVariables(SettingsSource layer) {
        Set<String> variables = new TreeSet<>();
        layer.variables(VARIABLE).forEach(it -> variables.add(withoutFileOfSecret(it)));
        for (String variable : variables) {
            String name = name(variable);
            take(
                    variable,
                    name,
                    () ->
                            KafkaVocabulary.isSecret(name)
                                    ? layer.secret(variable, report)
                                    : layer.value(variable));
        }
    }

    /**
     * Returns {@code KAFKA_SASL_PASSWORD} for {@code KAFKA_SASL_PASSWORD_FILE}, and likewise for
     * the file of each secret. Any other variable is returned as it is; some of the Java producer's
     * own settings end in {@code _FILE}, too.
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
        try {
            Map<String, Object> fields = JSON.readValue(json, new TypeReference<>() {});
            Objects.requireNonNullElse(fields, Map.<String, Object>of()).forEach(this::readField);
        } catch (JsonProcessingException e) {
            // neither the exception nor its text may go on: they quote the document
            String allowed = "a JSON object of Kafka settings (%s: %s)";
            // a document that is nested too deep has none
            JsonLocation place = Objects.requireNonNullElse(e.getLocation(), JsonLocation.NA);
            report.notAllowed(
                    SETTINGS,
                    SettingsReport.MASK,
                    allowed.formatted(place.offsetDescription(), mistake(e)));
        }
    }

    private static String mistake(JsonProcessingException e) {
        if (e instanceof MismatchedInputException) {
            return "not one object";
        }
        // Jackson has no class of its own for it
        boolean isTwice = e.getMessage().startsWith("Duplicate field");
        return isTwice ? "a name twice" : "wrong syntax, often a quote or a comma";
    }

    private void readField(String givenName, Object value) {
        String label = SETTINGS + " " + givenName;
        String name = KafkaVocabulary.name(givenName);
        if (!KafkaVocabulary.isKnown(name)) {
            // reported by its name alone, so its value need not be understood
            take(label, name, () -> Optional.of(""));
        } else if (value != null || name.equals("compression.type")) {
            // null is Python's None: not set, but for compression.type, where it means none
            take(label, name, () -> fieldText(label, name, value));
        }
    }

    private Optional<String> fieldText(String label, String name, Object value) {
        Optional<String> text = text(value);
        if (text.isEmpty()) {
            report.problem(label + ": allowed is a text, a number, true, false or a list of these");
        }
        return text.map(it -> KafkaVocabulary.isSecret(name) ? it : it.strip());
    }

    /** Returns a value as a setting's text, Python's None for null; nothing for what is nested. */
    private static Optional<String> text(Object value) {
        if (value instanceof List<?> items) {
            boolean nested = items.stream().anyMatch(it -> it instanceof List || it instanceof Map);
            return nested
                    ? Optional.empty()
                    : Optional.of(
                            items.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else if (value instanceof Map) {
            return Optional.empty();
        } else if (value instanceof BigDecimal number) {
            return Optional.of(number.toPlainString());
        }
        return Optional.of(value == null ? "None" : value.toString());
    }

    /** Returns the items of a JSON list, where the value of a variable is one. */
    static Optional<String> listText(String value) {
        try {
            return value.startsWith("[")
                    ? text(JSON.readValue(value, Object.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            // an IPv6 address begins with a bracket too
            return Optional.empty();
        }
    }

    /**
     * Takes a setting, unless a stronger one has been taken already. Stronger ones are read first.
     * The value of a weaker one is not read, so that nothing about it is reported.
     */
    private void take(String label, String name, Supplier<Optional<String>> value) {
        String effect = KafkaVocabulary.javaName(name);
        if (namesTaken.contains(effect)) {
            return;
        }
        Optional<String> text = value.get();
        if (text.filter(it -> KafkaVocabulary.setsNothing(name, it)).isPresent()) {
            return;
        }
        namesTaken.add(effect);
        text.ifPresent(
                it -> {
                    report.warnIfQuoted(label, it);
                    if (name.endsWith("password")) {
                        report.warnOfWhiteSpace(label, it);
                    }
                    settings.add(new KafkaSetting(label, name, it));
                });
    }
}
