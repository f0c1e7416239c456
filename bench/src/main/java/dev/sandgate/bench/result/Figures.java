package dev.sandgate.bench.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them, in three digits. What is judged by is never taken from these. */
public final class Figures {

    private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_UP);
    private static final double KIBI = 1024;

    private Figures() {}

    /** {@code 1,234,567}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 12.3}, {@code 0.00123}, {@code 1,230,000}; whole above 1,000; a dash where there is none. */
    public static String number(double number) {
        if (!Double.isFinite(number)) {
            return "-";
        }
        if (Math.abs(number) >= 1_000) {
            return count(Math.round(number));
        }
        return BigDecimal.valueOf(number).round(THREE).stripTrailingZeros().toPlainString();
    }

    /** Of milliseconds: {@code 0.123 ms}, {@code 12.3 ms}, {@code 1.23 s}. */
    public static String millis(double millis) {
        return millis >= 1_000 ? number(millis / 1_000) + " s" : number(millis) + " ms";
    }

    /** {@code 12.3/s}. */
    public static String perSecond(double rate) {
        return number(rate) + "/s";
    }

    /** Of a share from 0 to 1: {@code 12.3 %}. */
    public static String percent(double share) {
        return number(100 * share) + " %";
    }

    /** {@code 12.3 MiB}. */
    public static String bytes(double bytes) {
        if (bytes < KIBI) {
            return number(bytes) + " B";
        } else if (bytes < KIBI * KIBI) {
            return number(bytes / KIBI) + " KiB";
        } else if (bytes < KIBI * KIBI * KIBI) {
            return number(bytes / KIBI / KIBI) + " MiB";
        }
        return number(bytes / KIBI / KIBI / KIBI) + " GiB";
    }
}
