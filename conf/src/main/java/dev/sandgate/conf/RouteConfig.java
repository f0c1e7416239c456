package dev.sandgate.conf;

import java.util.List;
import java.util.Map;

/**
 * Which requests go to which pool, and how their session is told.
 *
 * @param name for logs and metrics; no two routes share one
 * @param hosts exact names or {@code *.} wildcards, lower case; empty: any
 * @param paths prefixes by segment, each with a leading slash; never empty ({@code /} takes all)
 * @param headers fields that must be present with exactly this value, by lower-case name; empty: none asked
 * @param pool the name of one that exists
 * @param affinity sources of the session id, in reading order; empty: each request is balanced by itself
 * @param policies what is asked of a request, in this order; empty: nothing
 * @param debug whether answers name the instance and the reason of its choice
 */
public record RouteConfig(
        String name,
        List<String> hosts,
        List<String> paths,
        Map<String, String> headers,
        String pool,
        List<AffinityConfig> affinity,
        List<PolicyConfig> policies,
        boolean debug) {}
