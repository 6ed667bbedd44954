package io.scrapingagent.check;

import io.scrapingagent.check.KafkaRequirements.State;
import io.scrapingagent.check.KafkaRequirements.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.ledger.LedgerTopic;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Utils;

/**
 * The questions of {@code check} to Kafka: is it there, does it accept the login, and are topics
 * and rights as the agent needs them?
 */
final class KafkaCheck {

    private static final String LOGIN = "Kafka login";
    private static final String AUTO_CREATE = "auto.create.topics.enable";
    private static final String REPLICAS = "transaction.state.log.replication.factor";
    private static final String TRANSACTION_STATE = "__transaction_state";

    private final Settings settings;
    private final Duration patience;
    private final List<Finding> findings;
    private final String bootstrap;

    /**
     * Creates the check.
     *
     * @param patience how long all of it may take
     * @param findings get each answer as it comes
     */
    KafkaCheck(Settings settings, Duration patience, List<Finding> findings) {
        this.settings = settings;
        this.patience = patience;
        this.findings = findings;
        this.bootstrap = settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    void run() {
        Finding reachable = reachable();
        findings.add(reachable);
        if (!reachable.isGood()) {
            findings.add(Finding.allElseNotAsked(Check.KAFKA, "it cannot be reached"));
            return;
        }
        try (KafkaRequirements kafka =
                new KafkaRequirements(settings, "check", patience.dividedBy(2))) {
            int count = kafka.countBrokers();
            findings.add(Finding.ok(LOGIN, login() + ", " + Plural.of(count, "broker")));
            try {
                topicsAndRights(kafka);
            } catch (KafkaException e) {
                findings.add(Finding.failed(Check.KAFKA, FailureReason.of(e)));
            }
        } catch (KafkaException e) {
            FailureReason reason = FailureReason.of(e);
            findings.add(Finding.failed(LOGIN, login() + ": " + reason.what(), reason.remedy()));
            findings.add(Finding.allElseNotAsked(Check.KAFKA, "the agent is not logged in"));
        }
    }

    private void topicsAndRights(KafkaRequirements kafka) {
        TopicRules rules = new TopicRules(settings);
        Topic metrics = kafka.metricsTopic();
        findings.add(metrics(metrics, kafka));
        if (metrics.state() == State.THERE) {
            findings.addAll(rules.ofMetrics(metrics));
        }
        if (settings.delivery().hasLedger()) {
            Topic ledger = kafka.ledgerTopic();
            findings.add(ledger(ledger));
            if (ledger.state() == State.THERE) {
                findings.addAll(rules.ofLedger(ledger));
            }
        }
        if (settings.delivery().isTransactional()) {
            findings.add(transactionalId(kafka));
        }
    }

    /** Opens a plain connection: Kafka's client would only say that time is up. */
    private Finding reachable() {
        String[] servers = bootstrap.split(",");
        Duration each = patience.dividedBy(3L * servers.length);
        List<String> failures = new ArrayList<>();
        for (String server : servers) {
            try {
                connect(server, InetAddress.getAllByName(Utils.getHost(server)), each);
                return Finding.ok(Check.KAFKA, server + " accepts connections");
            } catch (UnknownHostException e) {
                failures.add(server + ": the host name is unknown");
            } catch (IOException e) {
                failures.add(server + ": " + e.getMessage());
            }
        }
        return Finding.failed(
                Check.KAFKA,
                String.join(", ", failures),
                "check KAFKA_BOOTSTRAP_SERVERS, DNS, network and firewall");
    }

    /** As Kafka's client does, tries each address of a name until one accepts the connection. */
    private static void connect(String server, InetAddress[] addresses, Duration limit)
            throws IOException {
        int limitMs = (int) limit.dividedBy(addresses.length).toMillis();
        IOException last = null;
        for (InetAddress address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, Utils.getPort(server)), limitMs);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private String login() {
        String protocol =
                settings.kafka()
                        .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        return protocol.startsWith("SASL")
                ? protocol
                        + " "
                        + settings.kafka().getOrDefault(SaslConfigs.SASL_MECHANISM, "GSSAPI")
                : protocol;
    }

    private Finding metrics(Topic topic, KafkaRequirements kafka) {
        if (topic.state() != State.MISSING) {
            return rights(topic, KafkaRequirements.TO_PUBLISH);
        }
        String question = "Topic " + topic.name();
        String create =
                create(
                        topic,
                        Map.of(TopicConfig.RETENTION_MS_CONFIG, TopicRules.USUAL_RETENTION_MS));
        if (topic.refusal() != null) {
            return Finding.failed(question, "missing, and " + topic.refusal(), create);
        }
        String autoCreate = kafka.brokerSetting(AUTO_CREATE);
        return "true".equals(autoCreate)
                ? Finding.warning(
                        question,
                        "missing; Kafka will make it with its own defaults unless you do",
                        create)
                : Finding.failed(
                        question,
                        "missing, and %s is %s"
                                .formatted(
                                        AUTO_CREATE,
                                        Objects.requireNonNullElse(autoCreate, "not known")),
                        create);
    }

    private Finding ledger(Topic topic) {
        if (topic.state() == State.THERE) {
            return rights(topic, KafkaRequirements.TO_KEEP_LEDGER);
        } else if (topic.state() == State.HIDDEN) {
            return rights(topic, KafkaRequirements.TO_MAKE_LEDGER);
        }
        String question = "Topic " + topic.name();
        return topic.refusal() == null
                ? Finding.ok(question, "missing, the agent will make it")
                : Finding.failed(
                        question,
                        "missing, and " + topic.refusal(),
                        // a grant helps only where a right is missing; there may be another reason
                        topic.lacks(KafkaRequirements.TO_MAKE_LEDGER)
                                ? KafkaRequirements.grant(
                                        settings, topic.name(), KafkaRequirements.TO_MAKE_LEDGER)
                                : create(topic, LedgerTopic.describe(topic.name()).configs()));
    }

    private String create(Topic topic, Map<String, String> config) {
        return "kafka-topics.sh --bootstrap-server %s --create --topic %s"
                        .formatted(bootstrap, topic.name())
                + new TreeMap<>(config)
                        .entrySet().stream()
                                .map(it -> " --config " + it)
                                .collect(Collectors.joining());
    }

    private Finding rights(Topic topic, Set<AclOperation> needed) {
        String question = "Topic " + topic.name();
        String operations =
                needed.stream().sorted().map(Enum::name).collect(Collectors.joining(" and "));
        return topic.lacks(needed)
                ? Finding.failed(
                        question,
                        topic.state() == State.HIDDEN
                                ? "the agent may not see whether it is there"
                                : "there, but the agent may not " + operations,
                        KafkaRequirements.grant(settings, topic.name(), needed))
                : Finding.ok(question, "there, and the agent may " + operations);
    }

    /**
     * A principal that may WRITE may DESCRIBE as well, so one that may not DESCRIBE lacks both.
     * Whether one that may DESCRIBE may WRITE cannot be seen: only the use of the id shows it, and
     * that would fence an agent.
     */
    private Finding transactionalId(KafkaRequirements kafka) {
        String question = "Right to use transactional id " + settings.transactionalId();
        String grant = KafkaRequirements.grantTransactionalId(settings);
        boolean noTransactionYet = kafka.isMissing(TRANSACTION_STATE);
        if (noTransactionYet) {
            int brokers = kafka.countBrokers();
            String replicas = kafka.brokerSetting(REPLICAS);
            if (replicas != null && Integer.parseInt(replicas) > brokers) {
                return Finding.failed(
                        "Transactions",
                        "the brokers cannot make their log of transactions: %s is %s, and there is %s"
                                .formatted(REPLICAS, replicas, Plural.of(brokers, "broker")),
                        "set it on the brokers; or " + FailureReason.WITHOUT_TRANSACTIONS);
            }
        }
        if (kafka.hasNoAuthorizer()) {
            return Finding.ok(question, "nobody needs rights, the brokers have no authorizer");
        } else if (noTransactionYet) {
            // the brokers create it at the first transaction; a question about a transactional id
            // would create it too
            return Finding.warning(
                    question,
                    "not asked: there has been no transaction yet, and Kafka would make its topic "
                            + TRANSACTION_STATE,
                    "if the agent cannot start, " + grant);
        }
        try {
            kafka.describeTransactionalId();
        } catch (AuthorizationException e) {
            return Finding.failed(question, "missing", grant);
        } catch (UnsupportedVersionException e) {
            return Finding.warning(
                    question,
                    "not asked: brokers before Kafka 3.0 cannot tell",
                    "if the agent cannot start, " + grant);
        }
        return Finding.ok(question, "DESCRIBE; whether WRITE as well shows only at the start");
    }
}
