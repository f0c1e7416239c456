package dev.sandgate.conf;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as an operator writes them: {@code "250ms"}, {@code "30s"}, {@code "5m"}, {@code "6h"}, {@code "1d"}. */
final class Durations {

    static final Duration LONGEST = Duration.ofDays(3650);

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern UNITLESS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern TOO_LARGE = Pattern.compile("[0-9]{10,}(ms|s|m|h|d)");
    private static final Pattern LOOSE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?\\s?[A-Za-z]{1,12}.{0,20}");

    private Durations() {}

    static Shape<Duration> any() {
        return atLeast(Duration.ZERO, "a duration");
    }

    static Shape<Duration> atLeast(Duration min) {
        return atLeast(min, "a duration of at least " + text(min));
    }

    static Shape<Duration> between(Duration min, Duration max) {
        String expected = "a duration from " + text(min) + " to " + text(max);
        return Shape.of(expected, value -> read(value, min, expected)
                .flatMap(read -> read.compareTo(max) > 0 ? value.refuse(expected) : Optional.of(read)));
    }

    /** {@code 90s}, in the largest unit that says it whole. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3600 + "h";
    }

    private static Shape<Duration> atLeast(Duration min, String expected) {
        return Shape.of(expected, value -> read(value, min, expected));
    }

    private static Optional<Duration> read(Value value, Duration min, String expected) {
        if (value.node() instanceof Node.Scalar scalar
                && UNITLESS.matcher(scalar.text()).matches()) {
            return value.refuse(expected + ", with its unit: \"" + scalar.text() + "s\" for seconds, or ms, m, h, d");
        }
        Optional<String> text = value.text(expected);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = DURATION.matcher(text.get());
        if (!parts.matches()) {
            return TOO_LARGE.matcher(text.get()).matches()
                    ? value.refuse("a duration of at most " + text(LONGEST))
                    : value.refuse(expected, hint(text.get()));
        }
        Duration duration = Duration.of(Long.parseLong(parts.group(1)), UNITS.get(parts.group(2)));
        if (duration.compareTo(LONGEST) > 0) {
            return value.refuse("a duration of at most " + text(LONGEST));
        }
        return duration.compareTo(min) < 0 ? value.refuse(expected) : Optional.of(duration);
    }

    private static String hint(String text) {
        return LOOSE.matcher(text).matches() ? "; one whole number and one unit: ms, s, m, h or d" : "";
    }
}
