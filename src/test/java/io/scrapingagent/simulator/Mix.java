package io.scrapingagent.simulator;

/** Stable pseudo-random bits: the same on every machine and in every run. */
final class Mix {

    private Mix() {}

    /** The bits for a text. */
    static long of(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits = 31 * bits + text.charAt(i);
        }
        return of(bits);
    }

    /** The finaliser of SplitMix64: every input bit changes half of the output bits. */
    static long of(long bits) {
        long z = bits + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
