package io.scrapingagent.demo;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Writes a number of bytes as people say it. */
final class HumanBytes {

    private static final List<String> UNITS =
            List.of("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB");
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    private HumanBytes() {}

    /** Returns three digits and a decimal unit: {@code 1.23 GB}. */
    static String of(BigDecimal bytes) {
        BigDecimal scaled = bytes;
        int unit = 0;
        while (unit < UNITS.size() - 1
                && scaled.round(THREE_DIGITS).compareTo(BigDecimal.valueOf(1000)) >= 0) {
            scaled = scaled.movePointLeft(3);
            unit++;
        }
        return scaled.round(THREE_DIGITS).toPlainString() + " " + UNITS.get(unit);
    }
}
