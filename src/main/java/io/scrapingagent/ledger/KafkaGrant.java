package io.scrapingagent.ledger;

import io.scrapingagent.config.Settings;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.acl.AclOperation;

/** A right that the agent needs, as {@code kafka-acls} grants it. */
public record KafkaGrant(String arguments) {

    /** Operations on a topic. */
    public static KafkaGrant ofTopic(String topic, Collection<AclOperation> operations) {
        return new KafkaGrant(
                operations.stream()
                        .sorted()
                        .map(operation -> "--operation " + name(operation))
                        .collect(Collectors.joining(" ", "", " --topic " + topic)));
    }

    /** All that the ledger's topic needs, its making included. */
    public static KafkaGrant ofLedger(String topic) {
        return new KafkaGrant(
                "--operation Create --operation Write --operation Read --topic " + topic);
    }

    /** The use of a transactional id. */
    public static KafkaGrant ofTransactionalId(String id) {
        return new KafkaGrant("--operation Write --operation Describe --transactional-id " + id);
    }

    /** Returns the whole command. */
    public String command(Settings settings) {
        return "kafka-acls.sh --bootstrap-server %s --add --allow-principal 'User:<the agent>' %s"
                .formatted(
                        settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                        arguments);
    }

    /** As {@code kafka-acls} writes it: {@code DescribeConfigs}. */
    private static String name(AclOperation operation) {
        StringBuilder name = new StringBuilder();
        for (String word : operation.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
