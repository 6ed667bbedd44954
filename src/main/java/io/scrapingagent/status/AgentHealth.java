package io.scrapingagent.status;

import io.scrapingagent.ledger.Coverage;
import io.scrapingagent.ledger.LedgerKey.Series;
import io.scrapingagent.scrape.CurrentQueries;
import io.scrapingagent.scrape.Scrape;
import io.scrapingagent.scrape.ScrapeListener;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** What health checks say of Kafka and of hours that are open. */
public final class AgentHealth {

    private AgentHealth() {}

    /**
     * DOWN until Kafka was reached once, and after it failed a scrape until it works again. It
     * tells what scrapes met and asks nobody itself. What Kafka said stands in the log and not
     * here: whoever reaches the port may ask.
     */
    public static final class Kafka extends AbstractHealthCheck implements ScrapeListener {

        /** Where Kafka stands with the agent, and the sentence that says so. */
        private enum State {
            NOT_REACHED("Kafka was not reached yet; the agent goes on trying"),
            UNPREPARED(
                    "Kafka failed when the last scrape began; the agent goes on trying, and its log says"
                            + " why"),
            UNPUBLISHED(
                    "Kafka failed the last publishing; the agent goes on trying, and its log says why"),
            USABLE("");

            private final String sentence;

            State(String sentence) {
                this.sentence = sentence;
            }
        }

        private volatile State state;

        /**
         * Creates the check of an agent that has not met Kafka yet.
         *
         * @param hasLedger whether the agent asks Kafka for something at its start: without a
         *     ledger it does so with its first record only, and is usable until then
         */
        public Kafka(boolean hasLedger) {
            super("agent", "kafka");
            this.state = hasLedger ? State.NOT_REACHED : State.USABLE;
        }

        /** Tells whether the producer can be used, as far as is known. */
        public boolean isUsable() {
            return state == State.USABLE;
        }

        /** Kafka let the scrape begin. Whether it lets the agent publish is still to be seen. */
        @Override
        public void prepared() {
            if (state != State.UNPUBLISHED) {
                state = State.USABLE;
            }
        }

        @Override
        public void notBegun(String reason, boolean byKafka) {
            if (byKafka && state != State.UNPUBLISHED) {
                state = State.UNPREPARED;
            }
        }

        @Override
        public void endedEarly(String reason, boolean byKafka) {
            if (byKafka) {
                state = State.UNPUBLISHED;
            }
        }

        @Override
        public void published(Series series, int records) {
            state = State.USABLE;
        }

        @Override
        public void failed(Series series, String reason, boolean byKafka, boolean passing) {
            if (byKafka) {
                state = State.UNPUBLISHED;
            }
        }

        /** A scrape without a failure may have had nothing to publish. */
        @Override
        public void ended(Scrape scrape) {
            if (scrape.getFailures().isEmpty()) {
                state = State.USABLE;
            }
        }

        /** A restart would not bring Kafka back. */
        @Override
        public boolean isLiveness() {
            return false;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            State now = state;
            if (now == State.USABLE) {
                builder.up();
            } else {
                builder.message(now.sentence).down();
            }
        }
    }

    /**
     * Says for each cluster how many hours behind its furthest query is. It is always UP: an agent
     * that is behind closes its gaps by itself, and a restart would not bring the Metrics API back.
     */
    public static final class Behind extends AbstractHealthCheck {

        private final Coverage coverage;
        private final CurrentQueries queries;

        /**
         * Creates the check.
         *
         * @param coverage how far behind it is
         * @param queries what is scraped
         */
        public Behind(Coverage coverage, CurrentQueries queries) {
            super("agent", "hours-behind");
            this.coverage = coverage;
            this.queries = queries;
        }

        @Override
        public boolean isLiveness() {
            return false;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            if (!coverage.isFenced()) {
                for (String cluster : queries.clusters()) {
                    builder.detail(
                            "hours-behind." + cluster,
                            queries.of(cluster).stream()
                                    .mapToInt(it -> coverage.status(it).open().size())
                                    .max()
                                    .orElse(0));
                }
            }
            builder.up();
        }
    }
}
