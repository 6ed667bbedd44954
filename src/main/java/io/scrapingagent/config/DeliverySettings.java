package io.scrapingagent.config;

import java.util.Optional;
import java.util.Set;

/** Checks settings against each other where the Java producer would do so at its start. */
final class DeliverySettings {

    private static final String ACKS = "acks";
    private static final String RETRIES = "retries";
    private static final String IDEMPOTENCE = "enable.idempotence";
    private static final String IN_FLIGHT = "max.in.flight.requests.per.connection";
    private static final String LINGER = "linger.ms";
    private static final String REQUEST_TIMEOUT = "request.timeout.ms";
    private static final String DELIVERY_TIMEOUT = "delivery.timeout.ms";

    /** More requests in flight than this, and the broker cannot tell what it already has. */
    private static final int MOST_IN_FLIGHT = 5;

    private final Delivery delivery;
    private final ChosenSettings chosen;
    private final Findings findings;

    DeliverySettings(Delivery delivery, ChosenSettings chosen, Findings findings) {
        this.delivery = delivery;
        this.chosen = chosen;
        this.findings = findings;
    }

    void apply() {
        chosen.get(IDEMPOTENCE)
                .filter(idempotence -> !isTrue(idempotence))
                .ifPresent(it -> reportBrokenPromise(it, "records can be doubled or lost"));
        chosen.get(ACKS)
                .filter(acks -> Set.of("0", "1").contains(acks.value()))
                .ifPresent(acks -> giveUpIdempotence(acks, "records can be lost or doubled"));
        chosen.get(RETRIES)
                .filter(retries -> Long.parseLong(retries.value()) == 0)
                .ifPresent(retries -> giveUpIdempotence(retries, "records can be lost"));
        if (chosen.get(IDEMPOTENCE).filter(it -> !isTrue(it)).isEmpty()) {
            chosen.get(IN_FLIGHT).ifPresent(this::limitInFlight);
        }
        checkDeliveryTimeout();
    }

    /** Accepts a setting that the idempotent producer cannot have, unless both were asked for. */
    private void giveUpIdempotence(KafkaSetting setting, String consequence) {
        Optional<KafkaSetting> idempotence = chosen.get(IDEMPOTENCE);
        if (idempotence.filter(DeliverySettings::isTrue).isPresent()
                && !idempotence.get().isHiddenBy(setting)) {
            exclude(setting, idempotence.get());
            return;
        }
        reportBrokenPromise(setting, consequence);
        chosen.put(setting.as(IDEMPOTENCE, "false"));
    }

    /** A setting that breaks the promise is a mistake, unless another promise was chosen. */
    private void reportBrokenPromise(KafkaSetting setting, String consequence) {
        if (delivery == Delivery.EXACTLY_ONCE) {
            findings.problem(
                    "%s: with METRICS_DELIVERY=exactly-once not allowed, because %s; remove it, or set METRICS_DELIVERY=at-least-once"
                            .formatted(setting.shown(), consequence));
        } else {
            findings.warning(setting.shown() + ": " + consequence);
        }
    }

    private void limitInFlight(KafkaSetting inFlight) {
        if (Long.parseLong(inFlight.value()) <= MOST_IN_FLIGHT) {
            return;
        }
        Optional<KafkaSetting> idempotence = chosen.get(IDEMPOTENCE);
        if (idempotence.isPresent() && !idempotence.get().isHiddenBy(inFlight)) {
            exclude(inFlight, idempotence.get());
            return;
        }
        findings.warning(
                inFlight.shown()
                        + ": "
                        + MOST_IN_FLIGHT
                        + " is used, with more records can be doubled");
        chosen.put(inFlight.as(IN_FLIGHT, String.valueOf(MOST_IN_FLIGHT)));
    }

    /** kafka-python and the producer's own default let the delivery's time grow with the others. */
    private void checkDeliveryTimeout() {
        Optional<KafkaSetting> timeout = chosen.get(DELIVERY_TIMEOUT);
        long linger =
                Math.min(ProducerSetting.number(LINGER, chosen.value(LINGER)), Integer.MAX_VALUE);
        long request = ProducerSetting.number(REQUEST_TIMEOUT, chosen.value(REQUEST_TIMEOUT));
        long least = Math.min(linger + request, Integer.MAX_VALUE);
        if (timeout.isEmpty() || Long.parseLong(timeout.get().value()) >= least) {
            return;
        }
        if (isHidden(timeout.get(), LINGER) || isHidden(timeout.get(), REQUEST_TIMEOUT)) {
            chosen.put(timeout.get().as(DELIVERY_TIMEOUT, String.valueOf(least)));
            return;
        }
        findings.notAllowed(
                timeout.get().label(),
                timeout.get().value(),
                "at least KAFKA_LINGER_MS + KAFKA_REQUEST_TIMEOUT_MS, which is " + least);
    }

    private boolean isHidden(KafkaSetting setting, String name) {
        return chosen.get(name).filter(setting::isHiddenBy).isPresent();
    }

    private void exclude(KafkaSetting one, KafkaSetting other) {
        findings.problem(one.shown() + " and " + other.shown() + " exclude each other: set one");
    }

    private static boolean isTrue(KafkaSetting setting) {
        return setting.value().equalsIgnoreCase("true");
    }
}
