package dev.sandgate.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the page's script draws.
 *
 * @param note what a reader should know of it; may be empty
 * @param unit of the values, at the axis
 * @param axis what lies along it
 * @param logarithmic whether the reader may choose such a scale
 * @param x rising
 */
record Plot(
        String title, String note, String unit, Axis axis, boolean logarithmic, List<Double> x, List<Series> series) {

    private static final MathContext DIGITS = new MathContext(5);

    /** What lies along a plot. */
    enum Axis {
        /** Seconds from the start of what is measured. */
        TIME,
        /** How many nines: 1 for 90 %, 2 for 99 %. */
        NINES
    }

    /**
     * One line.
     *
     * @param values one for each x; null: none there
     */
    record Series(String label, List<@Nullable Double> values) {

        /** Of each, in five digits. */
        static <T> Series of(String label, List<T> each, Function<T, @Nullable Double> value) {
            return new Series(
                    label,
                    each.stream()
                            .<@Nullable Double>map(one -> rounded(value.apply(one)))
                            .toList());
        }
    }

    private static @Nullable Double rounded(@Nullable Double value) {
        return value == null ? null : BigDecimal.valueOf(value).round(DIGITS).doubleValue();
    }
}
