package dev.sandgate.bench.result;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A condition on a result, as {@code p99 < 20ms}. */
public final class Assertion {

    private static final Pattern CONDITION = Pattern.compile("([^<>=!]+)([<>=!]+)([^<>=!]+)");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?)\\s*(\\D{0,8})");

    private final String text;
    private final Metric metric;
    private final Operator operator;
    private final double limit;

    private Assertion(String text, Metric metric, Operator operator, double limit) {
        this.text = text;
        this.metric = metric;
        this.operator = operator;
        this.limit = limit;
    }

    /**
     * What came of one.
     *
     * @param actual the value that it was held against, with its unit; says so where nothing was measured
     */
    public record Outcome(String text, boolean holds, String actual) {}

    private enum Operator {
        BELOW("<", true, false, false),
        AT_MOST("<=", true, true, false),
        EQUAL("=", false, true, false),
        AT_LEAST(">=", false, true, true),
        ABOVE(">", false, false, true);

        private final String symbol;
        private final boolean below;
        private final boolean equal;
        private final boolean above;

        Operator(String symbol, boolean below, boolean equal, boolean above) {
            this.symbol = symbol;
            this.below = below;
            this.equal = equal;
            this.above = above;
        }

        boolean holds(double actual, double limit) {
            int sign = Double.compare(actual, limit);
            return sign < 0 ? below : sign == 0 ? equal : above;
        }
    }

    /**
     * Reads conditions that are separated by commas: {@code p99 < 20ms, misrouted = 0}.
     *
     * @throws IllegalArgumentException that names what is wrong, and what could stand there
     */
    public static List<Assertion> parse(String conditions) {
        List<Assertion> assertions = new ArrayList<>();
        for (String condition : conditions.split(",", -1)) {
            assertions.add(one(condition.strip()));
        }
        return List.copyOf(assertions);
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** Holds it against a result. A condition on what was not measured does not hold. */
    public Outcome on(Result result) {
        OptionalDouble measured = metric.of().apply(result);
        if (measured.isEmpty()) {
            return new Outcome(text, false, "nothing was measured");
        }
        double actual = measured.getAsDouble();
        return new Outcome(text, operator.holds(actual, limit), metric.unit().shown(actual, limit));
    }

    private static Assertion one(String text) {
        Matcher condition = CONDITION.matcher(text);
        if (!condition.matches()) {
            throw wrong(text, "no condition", "a metric, an operator and a number, as \"p99 < 20ms\"");
        }
        Metric metric = metric(text, condition.group(1).strip());
        Operator operator = operator(text, condition.group(2));
        return new Assertion(
                text, metric, operator, limit(text, metric, condition.group(3).strip()));
    }

    private static Metric metric(String text, String name) {
        Map<String, Metric> known = Metric.byName();
        Metric metric = known.get(name);
        if (metric == null) {
            String unknown = "unknown metric \"" + name + "\"" + Nearest.hint(name, known.keySet());
            throw wrong(text, unknown, "one of " + String.join(", ", known.keySet()));
        }
        return metric;
    }

    private static Operator operator(String text, String symbol) {
        for (Operator operator : Operator.values()) {
            if (operator.symbol.equals(symbol)) {
                return operator;
            }
        }
        String known = Arrays.stream(Operator.values())
                .map(operator -> operator.symbol)
                .collect(Collectors.joining(" "));
        throw wrong(text, "unknown operator \"" + symbol + "\"", "one of " + known);
    }

    private static double limit(String text, Metric metric, String value) {
        String expected = metric.unit().expected();
        Matcher number = NUMBER.matcher(value);
        if (!number.matches()) {
            throw wrong(text, "\"" + value + "\" is no number", expected);
        }
        BigDecimal digits = new BigDecimal(number.group(1));
        String suffix = number.group(2);
        if (!metric.unit().knows(digits, suffix)) {
            String share = metric.name() + "%";
            String hint =
                    suffix.equals("%") && Metric.byName().containsKey(share) ? "; did you mean \"" + share + "\"?" : "";
            String unknown = suffix.isEmpty() ? "no unit" : "unit \"" + suffix + "\"";
            throw wrong(text, unknown + " for " + metric.name() + hint, expected);
        }
        return metric.unit().of(digits, suffix);
    }

    private static IllegalArgumentException wrong(String text, String what, String expected) {
        return new IllegalArgumentException("\"" + text + "\": " + what + " (expected: " + expected + ")");
    }
}
