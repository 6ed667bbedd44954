package io.scrapingagent.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker, which is its own KRaft controller, inside this JVM.
 *
 * <p>It listens on the loopback interface without encryption or login, and on further listeners as
 * the builder was told. It can be stopped and started again on the same ports and data, so that a
 * test sees what clients see in an outage.
 */
public final class EmbeddedKafka implements AutoCloseable {

    static {
        // a broker that hits a fatal error ends its process; here that is somebody else's process
        Exit.setExitProcedure(EmbeddedKafka::refuseToExit);
        Exit.setHaltProcedure(EmbeddedKafka::refuseToExit);
    }

    private static final int NODE_ID = 1;

    private final Map<BrokerListener, Integer> ports;
    private final Properties properties;
    private final Path dataDirectory;
    private final boolean deleteData;

    private KafkaRaftServer server;

    private EmbeddedKafka(Builder builder) {
        this.ports = builder.choosePorts();
        this.deleteData = builder.dataDirectory == null;
        this.dataDirectory = deleteData ? temporaryDirectory() : builder.dataDirectory;
        this.properties = builder.properties(dataDirectory, ports);
        try {
            if (Files.notExists(dataDirectory.resolve("meta.properties"))) {
                format();
            }
            start();
            if (builder.user != null) {
                createUser(builder.user, builder.password);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Describes a broker. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address without encryption or login. */
    public String bootstrapServers() {
        return address(BrokerListener.PLAINTEXT);
    }

    /** The address where a client logs in with PLAIN or SCRAM-SHA-512. */
    public String saslBootstrapServers() {
        return address(BrokerListener.SASL);
    }

    /** The address with TLS, where a client may show a certificate. */
    public String sslBootstrapServers() {
        return address(BrokerListener.SSL);
    }

    /** The address with TLS, where a client must show a certificate. */
    public String mutualSslBootstrapServers() {
        return address(BrokerListener.MUTUAL_SSL);
    }

    /** Starts the broker; returns when it serves clients. Does nothing if it runs. */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        KafkaRaftServer starting =
                new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        try {
            starting.startup();
        } catch (Throwable e) {
            shutDown(starting);
            throw new IllegalStateException("the embedded Kafka broker did not start", e);
        }
        server = starting;
    }

    /** Stops the broker and keeps its data. Does nothing if it is stopped. */
    public synchronized void stop() {
        if (server != null) {
            shutDown(server);
            server = null;
        }
    }

    /** Stops the broker and deletes its data, unless it was given a directory for them. */
    @Override
    public synchronized void close() {
        stop();
        if (deleteData) {
            try {
                Utils.delete(dataDirectory.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Grants a user rights to what has this name, or begins with it. */
    public void allow(
            String user,
            ResourceType type,
            String name,
            PatternType pattern,
            AclOperation... operations) {
        ResourcePattern resource = new ResourcePattern(type, name, pattern);
        List<AclBinding> rights = new ArrayList<>();
        for (AclOperation operation : operations) {
            rights.add(
                    new AclBinding(
                            resource,
                            new AccessControlEntry(
                                    "User:" + user, "*", operation, AclPermissionType.ALLOW)));
        }
        ask(admin -> admin.createAcls(rights).all());
    }

    private void createUser(String name, String password) {
        UserScramCredentialUpsertion scram =
                new UserScramCredentialUpsertion(
                        name,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password);
        ask(admin -> admin.alterUserScramCredentials(List.of(scram)).all());
    }

    private void ask(Function<Admin, KafkaFuture<Void>> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            question.apply(admin).toCompletionStage().toCompletableFuture().join();
        }
    }

    private String address(BrokerListener listener) {
        return "localhost:" + ports.get(listener);
    }

    private void format() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            Files.createDirectories(dataDirectory);
            new Formatter()
                    .setPrintStream(stream)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(dataDirectory.toString())
                    .setMetadataLogDirectory(dataDirectory.toString())
                    .setControllerListenerName(BrokerListener.CONTROLLER.name())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "cannot format "
                            + dataDirectory
                            + " "
                            + output.toString(StandardCharsets.UTF_8),
                    e);
        }
    }

    private static void shutDown(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("embedded-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuseToExit(int status, String message) {
        throw new IllegalStateException(
                "the embedded Kafka broker wanted to end the process with status %d: %s"
                        .formatted(status, message));
    }

    /** What a broker shall listen on and where it keeps its data. */
    public static final class Builder {

        private final Set<BrokerListener> listeners =
                EnumSet.of(BrokerListener.PLAINTEXT, BrokerListener.CONTROLLER);
        private final Properties properties = new Properties();
        private int port;
        private Path dataDirectory;
        private String user;
        private String password;

        /** A broker that is its own controller, sized for tests. */
        private Builder() {
            set("process.roles", "broker,controller");
            set("node.id", NODE_ID);
            set("controller.listener.names", BrokerListener.CONTROLLER);
            set("inter.broker.listener.name", BrokerListener.PLAINTEXT);
            runAlone();
            startFast();
            sessionTimeout(Duration.ofSeconds(9));
        }

        /** The port without encryption or login; 0, which is the default, means a free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Adds a listener where this one user logs in with PLAIN or SCRAM-SHA-512. */
        public Builder saslPlaintext(String user, String password) {
            this.user = user;
            this.password = password;
            listeners.add(BrokerListener.SASL);
            set(BrokerListener.SASL.setting("sasl.enabled.mechanisms"), "PLAIN,SCRAM-SHA-512");
            set(
                    BrokerListener.SASL.setting("plain.sasl.jaas.config"),
                    "org.apache.kafka.common.security.plain.PlainLoginModule required %s=%s;"
                            .formatted(quoted("user_" + user), quoted(password)));
            return set(
                    BrokerListener.SASL.setting("scram-sha-512.sasl.jaas.config"),
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }

        /** Lets the broker want more replicas of its transaction log than it can make. */
        public Builder transactionLogReplicas(int replicas) {
            return set("transaction.state.log.replication.factor", replicas);
        }

        /** Adds a listener where clients log in with tokens that one of these keys signed. */
        public Builder oauth(URI keys) {
            listeners.add(BrokerListener.SASL);
            String classes = "org.apache.kafka.common.security.oauthbearer.OAuthBearer";
            set(BrokerListener.SASL.setting("sasl.enabled.mechanisms"), "OAUTHBEARER");
            set(
                    BrokerListener.SASL.setting("oauthbearer.sasl.jaas.config"),
                    classes + "LoginModule required unsecuredLoginStringClaim_sub=\"broker\";");
            set(
                    BrokerListener.SASL.setting("oauthbearer.sasl.server.callback.handler.class"),
                    classes + "ValidatorCallbackHandler");
            set("sasl.oauthbearer.jwks.endpoint.url", keys);
            return set("sasl.oauthbearer.expected.audience", "kafka");
        }

        /** Adds a TLS listener where a client may show a certificate. */
        public Builder ssl(PemCertificates certificates) {
            return ssl(BrokerListener.SSL, certificates, "requested");
        }

        /** Adds a TLS listener where a client must show a certificate. */
        public Builder mutualSsl(PemCertificates certificates) {
            return ssl(BrokerListener.MUTUAL_SSL, certificates, "required");
        }

        /** Asks for an ACL from users who log in; those of the plaintext listener may do all. */
        public Builder authorizing() {
            set("super.users", "User:ANONYMOUS");
            return set(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        }

        /** Whether a client may make a topic by using it; true is the default. */
        public Builder autoCreateTopics(boolean enabled) {
            return set("auto.create.topics.enable", enabled);
        }

        /**
         * Keeps the data in this directory after the broker is closed; a broker that finds data
         * there goes on with them.
         */
        public Builder dataDirectory(Path directory) {
            this.dataDirectory = directory;
            return this;
        }

        /**
         * For how long a broker that was killed counts as alive, so that it cannot come back
         * before; 9 seconds, which is Kafka's own default, survive any stall of the tests' machine.
         */
        public Builder sessionTimeout(Duration timeout) {
            set("broker.session.timeout.ms", timeout.toMillis());
            return set("broker.heartbeat.interval.ms", timeout.toMillis() / 4);
        }

        /** Starts the broker; returns when it serves clients. */
        public EmbeddedKafka start() {
            return new EmbeddedKafka(this);
        }

        private Map<BrokerListener, Integer> choosePorts() {
            int[] free = Ports.free(listeners.size());
            Map<BrokerListener, Integer> ports = new EnumMap<>(BrokerListener.class);
            for (BrokerListener listener : listeners) {
                ports.put(listener, free[ports.size()]);
            }
            if (port != 0) {
                ports.put(BrokerListener.PLAINTEXT, port);
            }
            return ports;
        }

        private Properties properties(Path data, Map<BrokerListener, Integer> ports) {
            set("log.dirs", data);
            set(
                    "listeners",
                    ports.entrySet().stream()
                            .map(entry -> entry.getKey().address(entry.getValue()))
                            .collect(Collectors.joining(",")));
            set(
                    "listener.security.protocol.map",
                    ports.keySet().stream()
                            .map(BrokerListener::protocolMapping)
                            .collect(Collectors.joining(",")));
            set(
                    "controller.quorum.voters",
                    NODE_ID + "@localhost:" + ports.get(BrokerListener.CONTROLLER));
            return properties;
        }

        private Builder ssl(
                BrokerListener listener,
                PemCertificates certificates,
                String clientAuthentication) {
            listeners.add(listener);
            set(listener.setting("ssl.keystore.type"), "PEM");
            set(listener.setting("ssl.keystore.key"), read(certificates.serverKey()));
            set(
                    listener.setting("ssl.keystore.certificate.chain"),
                    read(certificates.serverCertificate()));
            set(listener.setting("ssl.truststore.type"), "PEM");
            set(listener.setting("ssl.truststore.certificates"), read(certificates.caFile()));
            return set(listener.setting("ssl.client.auth"), clientAuthentication);
        }

        /** Internal topics cannot have the three replicas that are the default. */
        private void runAlone() {
            set("default.replication.factor", 1);
            set("offsets.topic.replication.factor", 1);
            set("transaction.state.log.replication.factor", 1);
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

        private Builder set(String name, Object value) {
            properties.setProperty(name, value.toString());
            return this;
        }

        /** Option names and values may both be quoted strings. */
        private static String quoted(String value) {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
