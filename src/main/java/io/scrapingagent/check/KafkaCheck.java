package io.scrapingagent.check;

import io.scrapingagent.check.KafkaRequirements.Grant;
import io.scrapingagent.check.KafkaRequirements.State;
import io.scrapingagent.check.KafkaRequirements.Topic;
import io.scrapingagent.config.Plural;
import io.scrapingagent.config.Settings;
import io.scrapingagent.scrape.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Utils;

/** Is Kafka there, does it accept the login, and are topics and rights as the agent needs them? */
final class KafkaCheck {

    private static final String LOGIN = "Kafka login";
    private static final String AUTO_CREATE = "auto.create.topics.enable";
    private static final String REPLICAS = "transaction.state.log.replication.factor";
    private static final String TRANSACTION_STATE = "__transaction_state";
    private static final String EVERYTHING = "the brokers ask nobody for rights";
    private static final String HIDDEN = "the agent may not see whether it is there";

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
            findings.add(Finding.notAsked(LOGIN, "Kafka cannot be reached"));
            notAsked("Kafka cannot be reached");
            return;
        }
        Optional<Finding> noToken = noToken();
        if (noToken.isPresent()) {
            findings.add(noToken.get());
            notAsked("there is no token to log in with");
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
            notAsked(
                    e instanceof AuthenticationException
                            ? "Kafka does not let the agent in"
                            : "Kafka does not answer");
        }
    }

    private void topicsAndRights(KafkaRequirements kafka) {
        TopicRules rules = new TopicRules(settings);
        boolean everything = kafka.isEverythingAllowed();
        Topic metrics = kafka.metricsTopic();
        Finding there = metrics(metrics, kafka);
        findings.add(there);
        if (there.isGood()) {
            findings.addAll(rules.ofMetrics(metrics));
        }
        findings.add(right(metrics, "WRITE", KafkaRequirements.TO_PUBLISH, everything));
        if (settings.delivery().hasLedger()) {
            Topic ledger = kafka.ledgerTopic();
            findings.add(ledger(ledger));
            findings.addAll(rules.ofLedger(ledger));
            findings.add(
                    right(ledger, "READ and WRITE", KafkaRequirements.TO_KEEP_LEDGER, everything));
        }
        if (settings.delivery().isTransactional()) {
            findings.add(transactionLog(kafka).orElseGet(() -> transactionalId(kafka, everything)));
        }
    }

    /** A plain connection: Kafka's client says no more than that time is up. */
    private Finding reachable() {
        String[] servers = bootstrap.split(",");
        List<String> failures = new ArrayList<>();
        for (String server : servers) {
            Optional<String> failure =
                    connect(
                            Utils.getHost(server),
                            Utils.getPort(server),
                            patience.dividedBy(3L * servers.length));
            if (failure.isEmpty()) {
                return Finding.ok(Check.KAFKA, server + " accepts connections");
            }
            failures.add(server + ": " + failure.get());
        }
        return Finding.failed(
                Check.KAFKA,
                String.join(", ", failures),
                "check KAFKA_BOOTSTRAP_SERVERS, DNS, network and firewall");
    }

    /** Kafka's client asks the token endpoint again and again, for longer than there is time. */
    private Optional<Finding> noToken() {
        String url = settings.kafka().get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        if (url == null || !url.matches("https?://.+")) {
            return Optional.empty();
        }
        URI endpoint = URI.create(url);
        if (!ProxySelector.getDefault().select(endpoint).contains(Proxy.NO_PROXY)) {
            return Optional.empty();
        }
        int usualPort = "https".equals(endpoint.getScheme()) ? 443 : 80;
        return connect(
                        endpoint.getHost(),
                        endpoint.getPort() < 0 ? usualPort : endpoint.getPort(),
                        patience.dividedBy(3))
                .map(
                        failure ->
                                Finding.failed(
                                        LOGIN,
                                        "no token from %s: %s".formatted(url, failure),
                                        "check KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, DNS, network"
                                                + " and firewall"));
    }

    /** Returns why there is no connection; nothing where there is one. */
    private static Optional<String> connect(String host, int port, Duration limit) {
        try (Socket socket = new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("the host name is unknown");
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void notAsked(String reason) {
        findings.add(Finding.notAsked("Topic " + settings.topic(), reason));
        if (settings.delivery().hasLedger()) {
            findings.add(Finding.notAsked("Topic " + settings.ledgerTopic(), reason));
        }
        findings.add(Finding.notAsked("Rights", reason));
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
        String question = "Topic " + topic.name();
        if (topic.state() == State.THERE) {
            return Finding.ok(question, "there");
        } else if (topic.state() == State.HIDDEN) {
            return Finding.failed(
                    question,
                    HIDDEN,
                    Grant.ofTopic(topic.name(), KafkaRequirements.TO_PUBLISH).command(settings));
        }
        String create =
                "kafka-topics.sh --bootstrap-server %s --create --topic %s --config %s"
                        .formatted(bootstrap, topic.name(), TopicRules.USUAL_RETENTION);
        if (topic.refusal() != null) {
            return Finding.failed(question, "missing, and " + topic.refusal(), create);
        }
        Optional<String> autoCreate = kafka.brokerSetting(AUTO_CREATE);
        if (autoCreate.isEmpty()) {
            return Finding.failed(
                    question, "missing, and whether Kafka makes it by itself is hidden", create);
        }
        return Boolean.parseBoolean(autoCreate.get())
                ? Finding.warning(
                        question,
                        "missing; Kafka will make it with its own defaults unless you do",
                        create)
                : Finding.failed(
                        question,
                        "missing, and Kafka makes none by itself (" + AUTO_CREATE + "=false)",
                        create);
    }

    private Finding ledger(Topic topic) {
        String question = "Topic " + topic.name();
        if (topic.state() == State.THERE) {
            return Finding.ok(question, "there");
        } else if (topic.state() == State.MISSING && topic.refusal() == null) {
            return Finding.ok(question, "missing, the agent will make it");
        }
        return Finding.failed(
                question,
                topic.state() == State.HIDDEN ? HIDDEN : "missing, and " + topic.refusal(),
                Grant.ofLedger(topic.name()).command(settings));
    }

    private Finding right(
            Topic topic, String operations, Set<AclOperation> needed, boolean everything) {
        String question = "Right to %s topic %s".formatted(operations, topic.name());
        String grant = Grant.ofTopic(topic.name(), needed).command(settings);
        if (everything) {
            return Finding.ok(question, EVERYTHING);
        } else if (topic.state() == State.MISSING) {
            return Finding.warning(
                    question, "not known before the topic is there", "if it is missing, " + grant);
        }
        return topic.lacks(needed)
                ? Finding.failed(question, "missing", grant)
                : Finding.ok(question, "granted");
    }

    /**
     * The brokers make their transaction log with the first transaction, and there may be too few.
     */
    private static Optional<Finding> transactionLog(KafkaRequirements kafka) {
        if (!kafka.isMissing(TRANSACTION_STATE)) {
            return Optional.empty();
        }
        int brokers = kafka.countBrokers();
        return kafka.brokerSetting(REPLICAS)
                .filter(replicas -> Integer.parseInt(replicas) > brokers)
                .map(
                        replicas ->
                                Finding.failed(
                                        "Transactions",
                                        "the brokers cannot make their log of transactions: %s is %s, and there is %s"
                                                .formatted(
                                                        REPLICAS,
                                                        replicas,
                                                        Plural.of(brokers, "broker")),
                                        "set it on the brokers; or METRICS_DELIVERY=at-least-once does without transactions"));
    }

    /**
     * A principal that may WRITE may DESCRIBE as well, so one that may not DESCRIBE lacks both. The
     * reverse cannot be seen: only the use of the id shows it, and that would fence an agent.
     */
    private Finding transactionalId(KafkaRequirements kafka, boolean everything) {
        String id = settings.transactionalId();
        String question = "Right to use transactional id " + id;
        String grant = Grant.ofTransactionalId(id).command(settings);
        if (everything) {
            return Finding.ok(question, EVERYTHING);
        }
        if (kafka.isMissing(TRANSACTION_STATE)) {
            return Finding.warning(
                    question,
                    "not asked: there has been no transaction yet, and Kafka would make its topic "
                            + TRANSACTION_STATE,
                    "if the agent cannot start, " + grant);
        }
        try {
            kafka.describeTransactionalId();
        } catch (TransactionalIdNotFoundException e) {
            // nobody has used it yet
        } catch (AuthorizationException e) {
            return Finding.failed(question, "missing", grant);
        } catch (UnsupportedVersionException e) {
            return Finding.warning(
                    question,
                    "brokers before Kafka 3.0 cannot be asked",
                    "if the agent cannot start, " + grant);
        } catch (KafkaException e) {
            return Finding.failed(
                    question, e.getMessage(), "check that the brokers' transaction log is well");
        }
        return Finding.ok(question, "DESCRIBE; whether WRITE as well shows only at the start");
    }
}
