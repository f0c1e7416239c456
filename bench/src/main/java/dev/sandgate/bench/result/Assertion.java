package dev.sandgate.bench.result;

/**
 * A condition on a result, as {@code p99 < 20ms}.
 *
 * @param text as it was written
 */
public record Assertion(String text) {

    /**
     * What came of one.
     *
     * @param actual the value that it was held against, with its unit
     */
    public record Outcome(String text, boolean holds, String actual) {}
}
