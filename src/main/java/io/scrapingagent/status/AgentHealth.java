package io.scrapingagent.status;

import io.scrapingagent.api.RequestListener;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.ledger.Publisher;
import io.scrapingagent.scrape.FailureReason;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.ScrapeListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.hc.core5.http.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health checks: Kafka, another agent that took over, a scrape that hangs. */
public final class AgentHealth {

    private AgentHealth() {}

    /** UP, or DOWN with a sentence that says why. */
    private static void result(HealthCheckResultBuilder builder, boolean up, String sentence) {
        if (up) {
            builder.up();
        } else {
            builder.message(sentence).down();
        }
    }

    /**
     * DOWN until Kafka is reached for the first time, and from a scrape that Kafka failed until it
     * works again. It affects readiness only: a restart would not bring Kafka back. It reports the
     * result of past scrapes and never contacts Kafka. What Kafka said stands in the log and on the
     * status page.
     */
    public static final class Kafka extends AbstractHealthCheck implements ScrapeListener {

        private volatile boolean reached;
        private volatile boolean prepared;
        private volatile boolean failedPublishing;

        /**
         * Creates the check of an agent that has not met Kafka yet.
         *
         * @param hasLedger whether the agent asks Kafka for something at its start. Without a
         *     ledger it first asks with its first record. Until then Kafka counts as usable
         */
        public Kafka(boolean hasLedger) {
            super("agent", "kafka");
            this.reached = !hasLedger;
        }

        /** Tells whether the producer can be used, as far as is known. */
        public boolean isUsable() {
            return reached && !failedPublishing;
        }

        @Override
        public void began() {
            prepared = false;
        }

        /** Kafka let the scrape begin. Whether it lets the agent publish is still to be seen. */
        @Override
        public void prepared() {
            prepared = true;
            reached = true;
        }

        @Override
        public void scrapeFailed(FailureReason why) {
            if (why.isKafka() && prepared) {
                failedPublishing = true;
            } else if (why.isKafka()) {
                reached = false;
            }
        }

        @Override
        public void published(Series series, int records) {
            failedPublishing = false;
        }

        @Override
        public void failed(Series series, FailureReason why) {
            if (why.isKafka()) {
                failedPublishing = true;
            }
        }

        /** A scrape without a failure clears it, too: it may have had nothing to publish. */
        @Override
        public void ended(Scrape scrape) {
            if (scrape.getFailures().isEmpty()) {
                failedPublishing = false;
            }
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            String what =
                    failedPublishing ? "Kafka failed the last publishing" : "Kafka is not reached";
            result(builder, isUsable(), what + "; the agent goes on trying, and its log says why");
        }
    }

    /**
     * DOWN after another agent took over, since this one no longer publishes. It affects readiness
     * only: a restarted agent would fence the other in turn.
     */
    public static final class OnlyAgent extends AbstractHealthCheck {

        private final Publisher publisher;

        /** Creates the check of an agent's publisher. */
        public OnlyAgent(Publisher publisher) {
            super("agent", "only-agent");
            this.publisher = publisher;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            result(builder, !publisher.isFenced(), Publisher.ANOTHER_AGENT);
        }
    }

    /**
     * DOWN for readiness while a scrape makes no progress (no request, no answer, no commit) for
     * longer than any wait explains, and for liveness after twice that time: a restart helps then.
     */
    public static final class Progress extends AbstractHealthCheck
            implements ScrapeListener, RequestListener {

        private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

        /** More than a request, its retry or a transaction takes. */
        private static final Duration MARGIN = Duration.ofMinutes(5);

        private final Duration limit;
        private final Clock clock;
        private volatile Instant last;
        private volatile String lastStep = "";
        private volatile boolean said;

        /**
         * Creates the check.
         *
         * @param kafkaPatience how long a scrape waits for Kafka when it is away
         * @param rateLimitWait how long it waits for the Metrics API's limit
         */
        public Progress(Duration kafkaPatience, Duration rateLimitWait, Clock clock) {
            super("agent", "progress");
            this.limit = kafkaPatience.plus(rateLimitWait).plus(MARGIN);
            this.clock = clock;
        }

        @Override
        public void began() {
            step("it began");
        }

        @Override
        public void sent() {
            step("a request to the Metrics API");
        }

        @Override
        public void answered(HttpResponse response) {
            step("an answer of the Metrics API");
        }

        /** The time without a step counts from the end of the wait. */
        @Override
        public void rateLimited(Duration wait) {
            last = clock.instant().plus(wait);
        }

        @Override
        public void published(Series series, int records) {
            step("the transaction of " + series);
        }

        @Override
        public void ended(Scrape scrape) {
            last = null;
            said = false;
        }

        private void step(String what) {
            lastStep = what;
            last = clock.instant();
            said = false;
        }

        /**
         * Says once where a scrape stands that makes no progress; called every {@code
         * agent.ownership.check.ms}.
         */
        public void check() {
            if (standsForLimits(1) && !said) {
                said = true;
                LOG.error(sentence());
            }
        }

        /** Tells whether nothing has happened for so many times the limit. */
        private boolean standsForLimits(int limits) {
            Instant since = last;
            return since != null
                    && since.plus(limit.multipliedBy(limits)).isBefore(clock.instant());
        }

        private String sentence() {
            return "The scrape makes no progress since %s, after %s. Restart the agent, and report it"
                    .formatted(last, lastStep);
        }

        /** A restart helps here, as it does for no other check. */
        @Override
        public boolean isLiveness() {
            return true;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            int limits = options.get(CHECK_KIND) == Kind.LIVENESS ? 2 : 1;
            result(builder, !standsForLimits(limits), sentence());
        }
    }
}
