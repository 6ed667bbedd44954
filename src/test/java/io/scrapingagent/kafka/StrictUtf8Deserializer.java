package io.scrapingagent.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Text that stands for exactly the bytes in Kafka.
 *
 * <p>Kafka's own deserializer puts a replacement character where the bytes are not UTF-8, so that a
 * comparison of texts could pass for wrong bytes. This one fails.
 */
final class StrictUtf8Deserializer implements Deserializer<String> {

    @Override
    public String deserialize(String topic, byte[] data) {
        if (data == null) {
            return null;
        }
        try {
            // a new decoder reports malformed input instead of replacing it
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException e) {
            throw new SerializationException("not UTF-8, in topic " + topic, e);
        }
    }
}
