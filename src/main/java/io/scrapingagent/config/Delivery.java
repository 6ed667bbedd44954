package io.scrapingagent.config;

import java.util.Locale;

/**
 * What is promised of every (cluster, metric, hour, principal or topic): {@code METRICS_DELIVERY}.
 */
public enum Delivery {

    /** Each is in the topic once for a read_committed consumer: transactions and a ledger. */
    EXACTLY_ONCE,

    /** Each is in the topic once or, after a failure, more often: a ledger without transactions. */
    AT_LEAST_ONCE,

    /** The last due hour only, without a ledger: what is missed is missed. */
    STATELESS;

    /** Tells whether published hours are remembered in the ledger topic. */
    public boolean hasLedger() {
        return this != STATELESS;
    }

    /** Tells whether records are published in transactions. */
    public boolean isTransactional() {
        return this == EXACTLY_ONCE;
    }

    /** Returns the value of the setting. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
