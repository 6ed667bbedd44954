package io.scrapingagent.simulator;

/** How the values of a metric look. Both write a number as a pure function of random bits. */
enum ValueKind {

    /** Sums over the hour: whole numbers, one in 32 of them beyond what a double can hold. */
    COUNTER {
        @Override
        void append(long bits, StringBuilder json) {
            // the low six bits choose the magnitude, the others the digits
            int magnitude = (int) (bits & 63);
            int width = magnitude < 2 ? 62 : 8 + magnitude / 2;
            json.append((bits >>> (64 - width)) | (magnitude < 2 ? BEYOND_DOUBLE : 0));
        }
    },

    /**
     * Averages over the hour, written in every way JSON allows: {@code 12.345}, {@code 12}, {@code
     * 12.0} and, seldom, {@code 1.234E7}. At most 15 significant digits, so that whoever reads them
     * as doubles on the way (as {@link Misbehaviour#rewrite} does) still has the same numbers.
     */
    GAUGE {
        @Override
        void append(long bits, StringBuilder json) {
            int style = (int) (bits & 31);
            long whole = (bits >>> 5) % 100_000_000_000L;
            int digits = (int) (bits >>> 44);
            if (style == 0) {
                json.append(1 + digits % 9).append('.').append(100 + digits % 900);
                json.append('E').append(6 + digits % 5);
            } else if (style < 6) {
                json.append(whole).append(".0");
            } else if (style < 12) {
                json.append(whole);
            } else {
                json.append(whole).append('.').append(1 + digits % 999);
            }
        }
    };

    /** With this bit, no value is beyond what a double can hold. */
    static final long EVERYDAY = 2;

    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    /**
     * Writes the value that belongs to the bits.
     *
     * @param bits well mixed; the same bits always give the same number
     * @param json where to write it
     */
    abstract void append(long bits, StringBuilder json);
}
