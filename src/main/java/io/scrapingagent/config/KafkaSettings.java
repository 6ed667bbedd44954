package io.scrapingagent.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** Makes settings of the Java producer from what was given in either vocabulary. */
final class KafkaSettings {

    private static final String CLASS_NAME = "[\\w$]+(\\.[\\w$]+)+";
    private static final String IDEMPOTENCE = "enable.idempotence";
    private static final String IN_FLIGHT = "max.in.flight.requests.per.connection";
    private static final String DELIVERY_TIMEOUT = "delivery.timeout.ms";

    /** More requests in flight than this, and the broker cannot tell what it already has. */
    private static final int MOST_IN_FLIGHT = 5;

    private final Delivery delivery;
    private final SettingsReport report;
    private final Map<String, KafkaSetting> chosen = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    private KafkaSettings(Delivery delivery, SettingsReport report) {
        this.delivery = delivery;
        this.report = report;
    }

    /** Returns the producer's settings. What is wrong with them is in the report. */
    static Map<String, String> load(
            SettingsSource source, Delivery delivery, SettingsReport report) {
        KafkaSettings settings = new KafkaSettings(delivery, report);
        KafkaSettingsReader.read(source, report).forEach(settings::take);
        settings.validate();
        new KafkaSecurity(settings, report).apply();
        settings.settleDelivery();
        Map<String, String> values = new HashMap<>();
        settings.chosen.values().forEach(it -> values.put(it.name(), it.value()));
        return values;
    }

    Optional<KafkaSetting> get(String name) {
        return Optional.ofNullable(chosen.get(name));
    }

    Optional<String> value(String name) {
        return get(name).map(KafkaSetting::value);
    }

    Optional<KafkaSetting> remove(String name) {
        return Optional.ofNullable(chosen.remove(name));
    }

    /** Sets what follows from a setting. */
    void put(KafkaSetting setting) {
        chosen.put(setting.name(), setting);
    }

    /** Sets what follows from a setting, unless it is set already. */
    void putIfAbsent(KafkaSetting setting) {
        chosen.putIfAbsent(setting.name(), setting);
    }

    /** Reports a problem if one of the names is set, and a rival of them too. */
    void reportRivals(List<String> names, List<String> rivals) {
        Optional<KafkaSetting> setting = anyOf(names);
        Optional<KafkaSetting> rival = anyOf(rivals);
        if (setting.isPresent() && rival.isPresent()) {
            report.problem(
                    "%s and %s exclude each other: set one"
                            .formatted(setting.get().label(), rival.get().label()));
        }
    }

    /** Warns of a setting that has no use without certain security protocols. */
    void warnIfUnused(KafkaSetting setting, List<String> protocols) {
        String protocol = value("security.protocol").orElse("PLAINTEXT");
        if (!protocols.contains(protocol)) {
            report.warning(
                    "%s: not used with the security protocol %s, set KAFKA_SECURITY_PROTOCOL to %s"
                            .formatted(setting.label(), protocol, String.join(" or ", protocols)));
        }
    }

    private Optional<KafkaSetting> anyOf(List<String> names) {
        return names.stream().flatMap(name -> get(name).stream()).findFirst();
    }

    private void take(KafkaSetting setting) {
        String name = setting.name();
        if (name.equals("key.serializer") || name.equals("value.serializer")) {
            takeSerializer(setting);
        } else if (name.equals("transactional.id") && delivery != Delivery.EXACTLY_ONCE) {
            report.warning(
                    "%s: ignored, METRICS_DELIVERY=%s has no transactions"
                            .formatted(setting.label(), delivery));
        } else if (KafkaVocabulary.isKnown(name)) {
            KafkaVocabulary.translated(setting, report).ifPresent(this::put);
        } else {
            ignore(setting);
        }
    }

    private void ignore(KafkaSetting setting) {
        Optional<String> meant = KafkaVocabulary.suggestion(setting.name());
        if (meant.isEmpty()) {
            ignored.add(setting.label());
        } else {
            report.warnOfMisspelling(
                    setting.label(), SettingsSource.variable("kafka." + meant.get()));
        }
    }

    private void takeSerializer(KafkaSetting setting) {
        if (setting.value().matches(CLASS_NAME)) {
            report.problem(
                    setting + ": not allowed, the format of key and value is the agent's own");
        } else {
            ignored.add(setting.label());
        }
    }

    private void validate() {
        if (!ignored.isEmpty()) {
            // kafka-python has more settings; Kubernetes and images have variables like these
            report.warning(
                    String.join(", ", ignored)
                            + ": ignored, the Java producer has no such setting");
        }
        List.copyOf(chosen.values()).forEach(this::validate);
    }

    /** Reports a value that the Java producer does not take, in its words. */
    private void validate(KafkaSetting setting) {
        ConfigKey key = KafkaVocabulary.PRODUCER.get(setting.name());
        if (key == null) {
            return;
        }
        try {
            Object value = ConfigDef.parseType(key.name, setting.value(), key.type());
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
        } catch (ConfigException e) {
            // the exception's text begins with the value, which may be a secret
            String reason =
                    e.getMessage()
                            .replaceFirst("(?s).* for configuration [\\w.]+: ", "")
                            .replaceFirst(
                                    "Not a number of type INT",
                                    "allowed is a whole number of at most " + Integer.MAX_VALUE)
                            .replaceFirst(
                                    "Not a number of type (SHORT|LONG)",
                                    "allowed is a whole number");
            report.wrong(setting.label(), setting.shownValue(), reason);
            // so that nothing is concluded from a wrong value
            chosen.remove(setting.name());
        }
    }

    /**
     * Reports what the promise forbids, and replaces what the producer would refuse at its start.
     */
    private void settleDelivery() {
        List<KafkaSetting> weak =
                Stream.of(
                                get(IDEMPOTENCE).filter(it -> it.value().matches("(?i)false")),
                                get("acks").filter(it -> Set.of("0", "1").contains(it.value())),
                                get("retries").filter(it -> Integer.parseInt(it.value()) == 0))
                        .flatMap(Optional::stream)
                        .toList();
        for (KafkaSetting setting : weak) {
            if (delivery == Delivery.EXACTLY_ONCE) {
                report.problem(
                        "%s: with METRICS_DELIVERY=exactly-once not allowed, because records can be lost or doubled; remove it, or set METRICS_DELIVERY=at-least-once (not with AGENT_SHARD)"
                                .formatted(setting));
            } else {
                report.warning(setting + ": records can be lost or doubled");
            }
            // the producer refuses to be idempotent with any of them
            put(setting.as(IDEMPOTENCE, "false"));
        }
        if (weak.isEmpty() && number(IN_FLIGHT) > MOST_IN_FLIGHT) {
            replace(IN_FLIGHT, MOST_IN_FLIGHT, "because records can be doubled with more");
        }
        long least = number("linger.ms") + number("request.timeout.ms");
        // application.properties has a delivery timeout; it is absent if validate() removed a wrong
        // one
        if (get(DELIVERY_TIMEOUT).isPresent() && number(DELIVERY_TIMEOUT) < least) {
            replace(
                    DELIVERY_TIMEOUT,
                    Math.min(least, Integer.MAX_VALUE),
                    "the sum of KAFKA_LINGER_MS and KAFKA_REQUEST_TIMEOUT_MS");
        }
    }

    /** Returns a setting as a number, the producer's default if there is none. */
    private long number(String name) {
        Object value = KafkaVocabulary.PRODUCER.get(name).defaultValue;
        return Long.parseLong(value(name).orElse(value.toString()));
    }

    private void replace(String name, long value, String reason) {
        KafkaSetting setting = get(name).orElseThrow();
        report.warning("%s: %d is used, %s".formatted(setting, value, reason));
        put(setting.as(name, Long.toString(value)));
    }

    /**
     * One Kafka setting as somebody gave it.
     *
     * @param label what to call it in messages: its variable, or KAFKA_SETTINGS and the name there
     * @param name lower case with dots, in Java's or kafka-python's vocabulary
     * @param value the value
     */
    record KafkaSetting(String label, String name, String value) {

        KafkaSetting as(String newName, String newValue) {
            return new KafkaSetting(label, newName, newValue);
        }

        String shownValue() {
            return KafkaVocabulary.isSecret(name)
                    ? SettingsReport.MASK
                    : SettingsReport.shown(value);
        }

        /** Returns the label with the value, for messages, without a secret. */
        @Override
        public String toString() {
            return label + "=" + shownValue();
        }
    }
}
