package dev.sandgate.bench.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * What a metric is counted in.
 *
 * @param suffixes that a number may have; values are kept and shown in the first
 */
record Unit(List<Suffix> suffixes) {

    static final Unit MILLIS = new Unit(List.of(suffix("ms", "1"), suffix("us", "0.001"), suffix("s", "1000")));
    static final Unit PERCENT = new Unit(List.of(suffix("%", "1")));
    static final Unit PER_SECOND = new Unit(List.of(suffix("/s", "1"), suffix("", "1")));
    static final Unit COUNT = new Unit(List.of(suffix("", "1")));
    static final Unit BYTES = new Unit(
            List.of(suffix("B", "1"), suffix("KiB", "1024"), suffix("MiB", "1048576"), suffix("GiB", "1073741824")));

    private static final MathContext SHOWN = new MathContext(6);

    /** What may stand behind a number, and what the number is multiplied by. */
    record Suffix(String text, BigDecimal factor) {}

    private static Suffix suffix(String text, String factor) {
        return new Suffix(text, new BigDecimal(factor));
    }

    /** Whether a number may be written so; a bare 0 may be in any. */
    boolean knows(BigDecimal number, String suffix) {
        return texts().contains(suffix) || (suffix.isEmpty() && number.signum() == 0);
    }

    /** A number with a suffix that it {@link #knows}, in its own first one. */
    double of(BigDecimal number, String suffix) {
        return suffixes.stream()
                .filter(known -> known.text().equals(suffix))
                .findFirst()
                .map(known -> number.multiply(known.factor()))
                .orElse(number)
                .doubleValue();
    }

    /** {@code a plain number}, or {@code a number with ms, us or s}. */
    String expected() {
        List<String> texts = texts().stream().filter(text -> !text.isEmpty()).toList();
        if (texts.isEmpty()) {
            return "a plain number";
        }
        String last = texts.get(texts.size() - 1);
        String others = String.join(", ", texts.subList(0, texts.size() - 1));
        return "a number with " + (others.isEmpty() ? last : others + " or " + last);
    }

    /** A value in six digits, or in all of them where six would put it on another side of the limit. */
    String shown(double value, double limit) {
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = equals(COUNT) || equals(BYTES) ? exact : exact.round(SHOWN);
        boolean told = Double.compare(rounded.doubleValue(), limit) == Double.compare(value, limit);
        String digits = (told ? rounded : exact).stripTrailingZeros().toPlainString();
        String suffix = suffixes.get(0).text();
        boolean word = !suffix.isEmpty() && Character.isLetter(suffix.charAt(0));
        return word ? digits + " " + suffix : digits + suffix;
    }

    private List<String> texts() {
        return suffixes.stream().map(Suffix::text).toList();
    }
}
