package io.scrapingagent.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The settings of a broker that is its own controller, sized for tests. */
final class BrokerSettings {

    static final int NODE_ID = 1;

    private final Properties properties = new Properties();

    BrokerSettings(Path dataDirectory, Map<BrokerListener, Integer> ports) {
        set("process.roles", "broker,controller");
        set("node.id", NODE_ID);
        set("log.dirs", dataDirectory);
        listenOn(ports);
        runAlone();
        startFast();
    }

    /** Whether a client may make a topic by using it. */
    void autoCreateTopics(boolean enabled) {
        set("auto.create.topics.enable", enabled);
    }

    /** For how long the controller takes a silent broker for alive. */
    void sessionTimeout(Duration timeout) {
        set("broker.session.timeout.ms", timeout.toMillis());
        set("broker.heartbeat.interval.ms", timeout.toMillis() / 4);
    }

    /** Lets nobody do what no ACL allows, but for who does not log in at all. */
    void authorize() {
        set("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        set("super.users", "User:ANONYMOUS");
    }

    /** Lets one user log in with PLAIN; with SCRAM by the credentials in the broker's metadata. */
    void sasl(SaslUser user) {
        set(BrokerListener.SASL.setting("sasl.enabled.mechanisms"), "PLAIN,SCRAM-SHA-512");
        set(BrokerListener.SASL.setting("plain.sasl.jaas.config"), user.plainJaasConfig());
        set(
                BrokerListener.SASL.setting("scram-sha-512.sasl.jaas.config"),
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }

    void transactionLogReplicas(int replicas) {
        set("transaction.state.log.replication.factor", replicas);
    }

    /** Lets clients log in with a token that one of the keys at this address signed. */
    void oauth(URI keys) {
        String classes = "org.apache.kafka.common.security.oauthbearer.OAuthBearer";
        set(BrokerListener.SASL.setting("sasl.enabled.mechanisms"), "OAUTHBEARER");
        set(
                BrokerListener.SASL.setting("oauthbearer.sasl.jaas.config"),
                classes + "LoginModule required unsecuredLoginStringClaim_sub=\"broker\";");
        set(
                BrokerListener.SASL.setting("oauthbearer.sasl.server.callback.handler.class"),
                classes + "ValidatorCallbackHandler");
        set("sasl.oauthbearer.jwks.endpoint.url", keys);
        set("sasl.oauthbearer.expected.audience", "kafka");
    }

    /** Serves TLS on a listener, with {@code requested} or {@code required} client certificates. */
    void ssl(BrokerListener listener, PemCertificates certificates, String clientAuthentication) {
        set(listener.setting("ssl.keystore.type"), "PEM");
        set(listener.setting("ssl.keystore.key"), read(certificates.serverKey()));
        set(
                listener.setting("ssl.keystore.certificate.chain"),
                read(certificates.serverCertificate()));
        set(listener.setting("ssl.truststore.type"), "PEM");
        set(listener.setting("ssl.truststore.certificates"), read(certificates.caFile()));
        set(listener.setting("ssl.client.auth"), clientAuthentication);
    }

    Properties properties() {
        return properties;
    }

    private void listenOn(Map<BrokerListener, Integer> ports) {
        set(
                "listeners",
                ports.entrySet().stream()
                        .map(entry -> entry.getKey().address(entry.getValue()))
                        .collect(Collectors.joining(",")));
        set("listener.security.protocol.map", mappings(ports.keySet()));
        set("controller.listener.names", BrokerListener.CONTROLLER);
        set("inter.broker.listener.name", BrokerListener.PLAINTEXT);
        set(
                "controller.quorum.voters",
                NODE_ID + "@localhost:" + ports.get(BrokerListener.CONTROLLER));
    }

    private static String mappings(Collection<BrokerListener> listeners) {
        return listeners.stream()
                .map(BrokerListener::protocolMapping)
                .collect(Collectors.joining(","));
    }

    /** Internal topics cannot have the three replicas that are the default. */
    private void runAlone() {
        set("default.replication.factor", 1);
        set("offsets.topic.replication.factor", 1);
        set("transaction.state.log.min.isr", 1);
        set("share.coordinator.state.topic.replication.factor", 1);
        set("share.coordinator.state.topic.min.isr", 1);
    }

    private void startFast() {
        set("offsets.topic.num.partitions", 2);
        set("transaction.state.log.num.partitions", 2);
        set("share.coordinator.state.topic.num.partitions", 2);
        set("group.initial.rebalance.delay.ms", 0);
        // ends a transaction that takes too long as soon as it does, and not ten seconds later
        set("transaction.abort.timed.out.transaction.cleanup.interval.ms", 500);
        // a test box has few cores and several brokers
        set("num.network.threads", 2);
        set("num.io.threads", 2);
        set("num.recovery.threads.per.data.dir", 1);
        set("background.threads", 2);
        // the default takes 128 MB of heap
        set("log.cleaner.dedupe.buffer.size", 4 * 1024 * 1024);
        set("log.index.size.max.bytes", 1024 * 1024);
    }

    private void set(String name, Object value) {
        properties.setProperty(name, value.toString());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
