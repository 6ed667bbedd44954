package io.scrapingagent.simulator;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Confluent Cloud's Metrics API for tests, the demo and the benchmark: a server on the loopback
 * address that validates, paginates, limits and answers like the real one, holds a known truth, and
 * can be told to misbehave. All methods can be called from any thread but the server's own.
 *
 * <p>It is stricter than the real API in two ways, because no client of ours should need more: an
 * interval has to be one UTC hour, and an hour that has not settled has no points instead of
 * incomplete ones.
 */
public final class MetricsApiSimulator implements AutoCloseable {

    /** The API key that is let in unless the builder says otherwise. */
    public static final String DEFAULT_KEY = "SIMULATEDKEY0001";

    /** The secret that is let in unless the builder says otherwise. */
    public static final String DEFAULT_SECRET = "simulated/secret+0123456789abcdefghijklmnopq";

    private static final String LOOPBACK = "127.0.0.1";
    private static final long SHUTDOWN_SECONDS = 10;

    private final Clock clock;
    private final Vertx vertx;
    private final URI baseUri;
    private final long latencyMillis;
    private final Map<String, Cluster> clusters;
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final Points points;
    private final MetricsApi api;
    private final Optional<RateLimit> rateLimit;
    private final List<ReceivedRequest> log = Collections.synchronizedList(new ArrayList<>());
    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    /** What was agreed for so many coming requests. */
    private record Rule(RequestMatcher matcher, AtomicInteger left, Misbehaviour misbehaviour) {

        boolean isFor(ReceivedRequest request) {
            return matcher.test(request) && left.getAndUpdate(it -> Math.max(0, it - 1)) > 0;
        }
    }

    private MetricsApiSimulator(Builder builder) {
        this.clusters = new ConcurrentHashMap<>(builder.clusters);
        hidden.addAll(builder.forbidden);
        forbidden.addAll(builder.forbidden);
        this.clock = builder.clock;
        this.points = new Points(builder.clock, builder.everyday);
        this.api =
                new MetricsApi(
                        builder.authorization(),
                        clusters,
                        forbidden,
                        new Listing(clusters, Map.copyOf(builder.environments), hidden),
                        builder.silentlyMixed,
                        points);
        this.rateLimit = Optional.ofNullable(builder.requestsPerMinute).map(RateLimit::new);
        this.latencyMillis = builder.latency.toMillis();
        this.vertx = Vertx.vertx(vertxOptions());
        this.baseUri = URI.create(builder.origin() + ":" + listen(builder.serverOptions()));
    }

    /** A simulator to be described. */
    public static Builder builder() {
        return new Builder();
    }

    /** Describes a simulator that has this cluster. */
    public static Builder of(String id, int principalCount, int topicCount) {
        return builder().cluster(id, principalCount, topicCount);
    }

    /** Describes a simulator that has these clusters, which are alike. */
    public static Builder of(String[] ids, int principalCount, int topicCount) {
        Builder builder = builder();
        for (String id : ids) {
            builder.cluster(id, principalCount, topicCount);
        }
        return builder;
    }

    /** Where it listens, without a path: {@code http://127.0.0.1:PORT} or {@code https://…}. */
    public URI baseUri() {
        return baseUri;
    }

    /**
     * Lets the next so many matching requests go wrong. Of several matching rules the one that was
     * given first counts until it is used up.
     *
     * @param times how many requests, at least 1
     */
    public MetricsApiSimulator answer(
            RequestMatcher matcher, int times, Misbehaviour misbehaviour) {
        rules.add(new Rule(matcher, new AtomicInteger(times), misbehaviour));
        return this;
    }

    /** Lets all matching requests go wrong until {@link #behave()}. */
    public MetricsApiSimulator answerAlways(RequestMatcher matcher, Misbehaviour misbehaviour) {
        return answer(matcher, Integer.MAX_VALUE, misbehaviour);
    }

    /** Forgets all misbehaviour. Answers that have begun to go wrong go on doing so. */
    public void behave() {
        rules.clear();
    }

    /** Adds a cluster that was not there before. */
    public void appear(String id, int principalCount, int topicCount) {
        clusters.put(
                id, new Cluster(id, Group.principals(principalCount), Group.topics(topicCount)));
    }

    /** Adds a resource of another type that was not there before. */
    public void appear(String type, String id) {
        clusters.put(id, new Cluster(type, id));
    }

    /** Lists a resource no longer; what it had can still be asked for. */
    public void vanish(String id) {
        hidden.add(id);
    }

    /** Lists a resource again. */
    public void relist(String id) {
        hidden.remove(id);
    }

    /** Neither lists a resource any longer nor answers for it. */
    public void delete(String id) {
        hidden.add(id);
        forbidden.add(id);
    }

    /** Every request so far in the order of arrival, refused ones included. */
    public List<ReceivedRequest> requests() {
        return List.of(log.toArray(ReceivedRequest[]::new));
    }

    /** Forgets the requests so far. The rate limit does not. */
    public void forgetRequests() {
        log.clear();
    }

    /**
     * What the API holds for an hour now, by the label the metric is usually grouped by.
     *
     * @param metric the full name
     * @param hour the start of the hour
     */
    public List<TruePoint> truth(String cluster, String metric, Instant hour) {
        return truth(
                cluster, metric, String.join(",", metric(metric).labels().get(0).texts()), hour);
    }

    /**
     * What the API holds for an hour now, by this label.
     *
     * @param metric the full name
     * @param groupBy {@code metric.topic}, …; several labels are separated by commas
     * @param hour the start of the hour
     */
    public List<TruePoint> truth(String cluster, String metric, String groupBy, Instant hour) {
        Label label =
                Label.of(groupBy.isEmpty() ? List.of() : List.of(groupBy.split(",")))
                        .filter(metric(metric).labels()::contains)
                        .orElseThrow();
        return points.truth(clusters.get(cluster), metric(metric), label, hour);
    }

    private static Metric metric(String name) {
        return Metric.of(name).orElseThrow();
    }

    /** Closes all connections and releases the port and the threads. */
    @Override
    public void close() {
        await(vertx.close());
    }

    private static VertxOptions vertxOptions() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                // a debugger's break or a busy machine is nothing to warn about
                .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1))
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    private int listen(HttpServerOptions options) {
        HttpServer server =
                vertx.createHttpServer(options)
                        .requestHandler(this::receive)
                        // broken connections are what tests are after
                        .exceptionHandler(broken -> {});
        return await(server.listen()).actualPort();
    }

    private void receive(HttpServerRequest http) {
        long arrivedNanos = System.nanoTime();
        http.exceptionHandler(gone -> {});
        http.response().exceptionHandler(gone -> {});
        http.body()
                .onSuccess(
                        body -> {
                            ReceivedRequest request = RequestReader.read(http, arrivedNanos, body);
                            answer(http, request, body);
                        });
    }

    private void answer(HttpServerRequest http, ReceivedRequest request, Buffer body) {
        log.add(request);
        http.response().putHeader("Date", RFC_1123_DATE_TIME.format(clock.instant().atOffset(UTC)));
        Optional<RateLimit.Decision> limit = rateLimit.map(RateLimit::request);
        Map<String, String> limitHeaders = limit.map(RateLimit.Decision::headers).orElse(Map.of());
        JsonObject json = RequestReader.json(body);
        Exchange exchange =
                new Exchange(http, request, () -> api.answer(request, json).with(limitHeaders));
        Runnable conduct = conduct(exchange, limit);
        if (latencyMillis == 0) {
            run(conduct, exchange);
        } else {
            vertx.setTimer(latencyMillis, timer -> run(conduct, exchange));
        }
    }

    /** A change that a test makes may fail; the client should hear of it instead of waiting. */
    private static void run(Runnable conduct, Exchange exchange) {
        try {
            conduct.run();
        } catch (RuntimeException e) {
            exchange.send(Answer.error(500, "the simulator failed: " + e));
        }
    }

    /** Decides at arrival, so that a latency does not change who gets which misbehaviour. */
    private Runnable conduct(Exchange exchange, Optional<RateLimit.Decision> limit) {
        if (limit.isPresent() && !limit.get().admitted()) {
            return () -> exchange.send(limit.get().refusal());
        }
        return rules.stream()
                .filter(rule -> rule.isFor(exchange.request()))
                .findFirst()
                .<Runnable>map(rule -> () -> rule.misbehaviour().conduct(exchange))
                .orElse(() -> exchange.send(exchange.proper()));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the simulator: " + e.getCause(), e.getCause());
        }
    }

    /** Describes a simulator. Every setting but the clusters has a default. */
    public static final class Builder {

        private final Map<String, Cluster> clusters = new LinkedHashMap<>();
        private final Map<Integer, List<Group>> principals = new HashMap<>();
        private final Map<Integer, List<Group>> topics = new HashMap<>();
        private String key = DEFAULT_KEY;
        private String secret = DEFAULT_SECRET;
        private Clock clock = Clock.systemUTC();
        private final Set<String> forbidden = new HashSet<>();
        private final Map<String, String> environments = new HashMap<>();
        private boolean silentlyMixed;
        private boolean everyday;
        private Integer requestsPerMinute;
        private PemKeyCertOptions tls;
        private Duration latency = Duration.ZERO;

        private Builder() {}

        /** The only key and secret that are let in. */
        public Builder credentials(String key, String secret) {
            this.key = key;
            this.secret = secret;
            return this;
        }

        /**
         * Adds a cluster.
         *
         * @param id {@code lkc-…}
         * @param principalCount how many principals it has; the second is the empty string, the
         *     third and fourth have quotes, spaces and letters of all the world
         * @param topicCount how many topics it has, {@code topic-0001} and so on
         */
        public Builder cluster(String id, int principalCount, int topicCount) {
            // a thousand clusters of the same size share their names
            clusters.put(
                    id,
                    new Cluster(
                            id,
                            principals.computeIfAbsent(principalCount, Group::principals),
                            topics.computeIfAbsent(topicCount, Group::topics)));
            return this;
        }

        /** Returns the ids of the Kafka clusters so far, in their order. */
        public List<String> clusterIds() {
            return clusters.values().stream()
                    .filter(it -> it.type().equals("kafka"))
                    .map(Cluster::id)
                    .toList();
        }

        /** Adds a resource of another type than a Kafka cluster. */
        public Builder resource(String type, String id) {
            clusters.put(id, new Cluster(type, id));
            return this;
        }

        /**
         * The clock that says which hours have settled (5 minutes after their end) and which are
         * kept (7 days from their start). It does not drive the rate limit and the times of
         * arrival.
         */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Values as an ordinary cluster has them, and none that is hard to read. */
        public Builder everydayValues() {
            everyday = true;
            return this;
        }

        /** These are in an environment. */
        public Builder environment(String environment, String... ids) {
            List.of(ids).forEach(id -> environments.put(id, environment));
            return this;
        }

        /** The key may not see these clusters. */
        public Builder forbid(String... ids) {
            forbidden.addAll(List.of(ids));
            return this;
        }

        /**
         * A filter that names clusters that the key may see and others is answered for the former;
         * by default it is refused whole. The API's description allows both.
         */
        public Builder silentlyMixed() {
            silentlyMixed = true;
            return this;
        }

        /** Requests that may be made in any 60 seconds; as many as come by default. */
        public Builder rateLimit(int requestsPerMinute) {
            this.requestsPerMinute = requestsPerMinute;
            return this;
        }

        /** HTTPS with this certificate, which should be for {@code localhost}, and its key. */
        public Builder tls(Path certificatePem, Path keyPem) {
            this.tls =
                    new PemKeyCertOptions()
                            .setCertPath(certificatePem.toString())
                            .setKeyPath(keyPem.toString());
            return this;
        }

        /** How long every answer takes; none by default, whole milliseconds. */
        public Builder latency(Duration latency) {
            this.latency = latency;
            return this;
        }

        /** Starts the server; it listens when this returns. */
        public MetricsApiSimulator start() {
            return new MetricsApiSimulator(this);
        }

        private String authorization() {
            byte[] credentials = (key + ":" + secret).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(credentials);
        }

        private String origin() {
            return tls == null ? "http://" + LOOPBACK : "https://localhost";
        }

        private HttpServerOptions serverOptions() {
            HttpServerOptions options =
                    new HttpServerOptions()
                            .setHost(LOOPBACK)
                            .setPort(0)
                            // cut bodies and connections are a matter of HTTP/1.1
                            .setHttp2ClearTextEnabled(false)
                            .setUseAlpn(false);
            if (tls != null) {
                options.setSsl(true).setKeyCertOptions(tls);
            }
            return options;
        }
    }
}
