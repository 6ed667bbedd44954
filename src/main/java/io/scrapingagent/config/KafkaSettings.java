package io.scrapingagent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes settings of the Java producer from what was given in either vocabulary. */
final class KafkaSettings {

    private static final Pattern CLASS_NAME = Pattern.compile("[\\w$]+(\\.[\\w$]+)+");

    private final Delivery delivery;
    private final Findings findings;
    private final ChosenSettings chosen;
    private final KafkaValues values;
    private final List<String> kafkaPythonOnly = new ArrayList<>();
    private final List<String> fromEnvironment = new ArrayList<>();

    private KafkaSettings(Delivery delivery, Findings findings) {
        this.delivery = delivery;
        this.findings = findings;
        this.chosen = new ChosenSettings(findings);
        this.values = new KafkaValues(findings);
    }

    /** The producer's settings; what is wrong with them is in the findings. */
    static Map<String, String> load(SettingsSource source, Delivery delivery, Findings findings) {
        KafkaSettings settings = new KafkaSettings(delivery, findings);
        KafkaSettingsReader.read(source, findings).forEach(settings::take);
        settings.reportIgnored();
        settings.validate();
        new TlsSettings(settings.chosen, findings).apply();
        new SaslSettings(settings.chosen, findings).apply(source);
        new DeliverySettings(delivery, settings.chosen, findings).apply();
        return settings.chosen.values();
    }

    private void take(KafkaSetting setting) {
        String name = setting.name();
        if (KafkaNames.isKafkaPythonOnly(name)) {
            kafkaPythonOnly.add(setting.label());
        } else if (name.equals("key.serializer") || name.equals("value.serializer")) {
            takeSerializer(setting);
        } else if (name.equals("transactional.id") && delivery != Delivery.EXACTLY_ONCE) {
            findings.warning(
                    "%s: ignored, METRICS_DELIVERY=%s has no transactions"
                            .formatted(setting.label(), delivery));
        } else if (KafkaNames.isKnown(name)) {
            values.translated(setting).ifPresent(chosen::offer);
        } else if (!setting.fromJson() && KafkaNames.isFromEnvironment(name)) {
            fromEnvironment.add(setting.label());
        } else {
            warnOfUnknown(setting);
        }
    }

    private void takeSerializer(KafkaSetting setting) {
        if (CLASS_NAME.matcher(setting.value()).matches()) {
            findings.problem(
                    setting.shown()
                            + ": not allowed, the format of key and value is the agent's own");
        } else {
            kafkaPythonOnly.add(setting.label());
        }
    }

    private void warnOfUnknown(KafkaSetting setting) {
        String hint =
                KafkaNames.suggestion(setting.name())
                        .map(
                                name ->
                                        ", did you mean "
                                                + (setting.fromJson()
                                                        ? name.replace('.', '_')
                                                        : SettingsSource.variable("kafka." + name))
                                                + "?")
                        .orElse("");
        findings.warning(setting.label() + ": ignored, no Kafka setting has this name" + hint);
    }

    private void reportIgnored() {
        if (!kafkaPythonOnly.isEmpty()) {
            findings.warning(
                    String.join(", ", kafkaPythonOnly)
                            + ": ignored, what kafka-python calls so has no counterpart in Java");
        }
        if (!fromEnvironment.isEmpty()) {
            findings.warning(
                    String.join(", ", fromEnvironment)
                            + ": ignored, probably set by Kubernetes or an image");
        }
    }

    private void validate() {
        if (chosen.get("bootstrap.servers").isEmpty()) {
            findings.problem("KAFKA_BOOTSTRAP_SERVERS is not set: it is required");
        }
        for (KafkaSetting setting : chosen.all()) {
            if (!ProducerSetting.isKnown(setting.name())) {
                continue;
            }
            ProducerSetting.violation(setting.name(), setting.value())
                    .ifPresent(
                            allowed -> {
                                findings.notAllowed(setting.label(), setting.shownValue(), allowed);
                                // so that nothing is concluded from a wrong value
                                chosen.remove(setting.name());
                            });
        }
    }
}
