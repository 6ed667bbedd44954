package io.scrapingagent.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.SecurityDisabledException;

/**
 * What there is at a broker, to be compared with what there is later.
 *
 * @param topics all topics, internal ones included
 * @param acls the ACLs, as text
 * @param groups the consumer groups
 * @param producers the transactional producers: id, producer id, epoch and state
 * @param ends the end of each partition of topics that are not internal
 */
public record KafkaState(
        Set<String> topics,
        Set<String> acls,
        Set<String> groups,
        Map<String, String> producers,
        Map<TopicPartition, Long> ends) {

    /** Asks the broker at an address without login. */
    public static KafkaState of(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> topics =
                    answer(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
            return new KafkaState(
                    new TreeSet<>(topics),
                    acls(admin),
                    answer(admin.listGroups().all()).stream()
                            .map(group -> group.groupId())
                            .collect(Collectors.toSet()),
                    producers(admin),
                    ends(admin, topics));
        }
    }

    private static Set<String> acls(Admin admin) {
        try {
            return answer(admin.describeAcls(AclBindingFilter.ANY).values()).stream()
                    .map(Object::toString)
                    .collect(Collectors.toSet());
        } catch (SecurityDisabledException e) {
            return Set.of();
        }
    }

    private static Map<String, String> producers(Admin admin) {
        List<String> ids =
                answer(admin.listTransactions().all()).stream()
                        .map(TransactionListing::transactionalId)
                        .toList();
        Map<String, String> producers = new HashMap<>();
        for (var described : answer(admin.describeTransactions(ids).all()).entrySet()) {
            TransactionDescription it = described.getValue();
            // the broker completes what is prepared by itself, some time later
            String state = it.state().toString().replace("Prepare", "Complete");
            producers.put(
                    described.getKey(),
                    "%d %d %s".formatted(it.producerId(), it.producerEpoch(), state));
        }
        return producers;
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<String> topics) {
        List<String> named = topics.stream().filter(it -> !it.startsWith("__")).toList();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicDescription topic :
                answer(admin.describeTopics(named).allTopicNames()).values()) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                latest.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer(admin.listOffsets(latest).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SecurityDisabledException disabled) {
                throw disabled;
            }
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
