package io.scrapingagent.config;

/**
 * One Kafka setting as somebody gave it.
 *
 * @param label what to call it in messages: its variable, or KAFKA_SETTINGS and the name in there
 * @param name lower case with dots, in Java's or kafka-python's vocabulary
 * @param value the value
 * @param layer the layer it was given in, 0 for the strongest
 * @param fromJson whether it was given in KAFKA_SETTINGS, where a variable of the layer wins over
 *     it
 */
record KafkaSetting(String label, String name, String value, int layer, boolean fromJson) {

    KafkaSetting as(String newName, String newValue) {
        return new KafkaSetting(label, newName, newValue, layer, fromJson);
    }

    KafkaSetting as(String newName) {
        return as(newName, value);
    }

    /** Whether neither wins over the other. */
    boolean samePrecedence(KafkaSetting other) {
        return layer == other.layer && fromJson == other.fromJson;
    }

    /** Whether this was given in a weaker layer, as a default is. */
    boolean isHiddenBy(KafkaSetting other) {
        return layer > other.layer;
    }

    /** The label with the value, for messages, without a secret. */
    String shown() {
        return label + "=" + shownValue();
    }

    String shownValue() {
        return KafkaNames.isSecret(name) ? Secret.MASK : value;
    }

    @Override
    public String toString() {
        return shown();
    }
}
