package io.scrapingagent.api;

/**
 * Bounds the points of all windows in progress together. A window that does not fit drops its
 * points, waits until it is alone and is then fetched again. So no window holds points while it
 * waits: there is no deadlock. Thread-safe.
 */
final class PointsInHand {

    private final int most;
    private int taken;
    private Share alone;

    /**
     * @param most the most points
     */
    PointsInHand(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    /** Returns the share of another window, without a point yet. */
    Share share() {
        return new Share();
    }

    /** The points of one window. */
    final class Share {

        private int points;

        private Share() {}

        /**
         * Takes more points, unless they do not fit.
         *
         * @throws InterruptedException when the agent is stopped while another window is alone
         */
        boolean take(int more) throws InterruptedException {
            synchronized (PointsInHand.this) {
                while (points == 0 && alone != null && alone != this) {
                    PointsInHand.this.wait();
                }
                if (more > most - taken) {
                    return false;
                }
                points += more;
                taken += more;
                return true;
            }
        }

        /** Tells whether no other window has or gets a point. */
        boolean isAlone() {
            synchronized (PointsInHand.this) {
                return alone == this;
            }
        }

        /**
         * Gives up the points and waits until no other window has some.
         *
         * @throws InterruptedException when the agent is stopped meanwhile
         */
        void awaitAlone() throws InterruptedException {
            synchronized (PointsInHand.this) {
                release();
                while (alone != null) {
                    PointsInHand.this.wait();
                }
                alone = this;
                while (taken > 0) {
                    PointsInHand.this.wait();
                }
            }
        }

        /** Gives up the points. */
        void clear() {
            synchronized (PointsInHand.this) {
                taken -= points;
                points = 0;
                PointsInHand.this.notifyAll();
            }
        }

        /** Gives up the points, and being alone. */
        void release() {
            synchronized (PointsInHand.this) {
                if (alone == this) {
                    alone = null;
                }
                clear();
            }
        }
    }

    /** A single cluster has more points in an hour than fit in memory. */
    static final class TooManyPointsException extends MetricsApiException {

        TooManyPointsException(int most) {
            super(
                    ("The Metrics API sent more than %d points for one window, the limit that"
                                    + " metrics.window.max.points or the size of the heap sets")
                            .formatted(most));
        }
    }
}
