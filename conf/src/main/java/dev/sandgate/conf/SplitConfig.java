package dev.sandgate.conf;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a route's new sessions are shared out between its own pool and others. A session stays where it began.
 *
 * @param variants never empty, each with a pool of its own that is not the route's; their percents are 100 at most
 *     together, and the route's own pool gets the rest
 * @param by who stays together
 */
public record SplitConfig(List<Variant> variants, By by) {

    /**
     * One of the other pools.
     *
     * @param percent of what no variant is picked for by name, 0 to 100, two decimals
     * @param picked who goes here whatever the percents say; of two variants that pick the same, the first has it
     */
    public record Variant(String pool, double percent, Picked picked) {}

    /**
     * Picks a request that has one of these; all empty: none.
     *
     * @param headers values of fields, by lower-case name
     * @param cookies values of cookies, by name
     * @param principals {@code authenticator:issuer|subject}, or a subject alone
     */
    public record Picked(Map<String, String> headers, Map<String, String> cookies, Set<String> principals) {}

    /** Who always goes to the same variant while the percents stay. */
    public enum By {
        /** Each session is drawn for by itself. */
        SESSION,
        /** All sessions of a caller; those of nobody in particular are drawn for by themselves. */
        PRINCIPAL
    }
}
