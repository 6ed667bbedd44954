package io.scrapingagent.chaos;

import io.scrapingagent.process.JavaProcess;
import java.time.Duration;

/** The moment at which an agent is killed. */
enum Aim {
    /** Any moment: while the JVM starts, while it scrapes, while it waits. */
    ANY_TIME {
        @Override
        void await(JavaProcess agent, Chaos chaos) throws InterruptedException {
            agent.run(chaos.millis(0, 5000));
        }
    },

    /** While it makes sure of its producer and reads the ledger. */
    FIRST_STEPS {
        @Override
        void await(JavaProcess agent, Chaos chaos) throws InterruptedException {
            agent.awaitLines(line -> line.contains("Scrape started"), 1, LIMIT);
            agent.run(chaos.millis(0, 400));
        }
    },

    /** In the middle of a transaction. */
    TRANSACTION {
        @Override
        void await(JavaProcess agent, Chaos chaos) throws InterruptedException {
            agent.awaitLines(
                    line -> line.contains("Sending message to topic"),
                    chaos.between(1, 800),
                    LIMIT);
        }
    },

    /** Just before, in or just after a commit. */
    COMMIT {
        @Override
        void await(JavaProcess agent, Chaos chaos) throws InterruptedException {
            agent.awaitLines(
                    line -> line.contains("Commit kafka transaction"), chaos.between(1, 12), LIMIT);
            agent.run(Duration.ofNanos(chaos.between(0, 5) * (long) chaos.between(0, 4_000_000)));
        }
    },

    /** When nothing is open any more, and a little later. */
    CAUGHT_UP {
        @Override
        void await(JavaProcess agent, Chaos chaos) throws InterruptedException {
            agent.awaitLines(
                    line -> line.startsWith(ChaosAgent.CAUGHT_UP), chaos.between(1, 3), LIMIT);
            agent.run(chaos.millis(0, 50));
        }
    };

    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Waits for the moment, but not for ever. */
    abstract void await(JavaProcess agent, Chaos chaos) throws InterruptedException;
}
