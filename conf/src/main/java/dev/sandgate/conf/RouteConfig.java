package dev.sandgate.conf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * @param split other pools that get a share of the new sessions; empty: none does
 * @param mirror a pool that gets copies of requests; empty: none does
 * @param rewrite what is changed on the way
 * @param cors pages of which other origins may call; empty: that is between them and the instances
 * @param limits what a request may take
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
        Optional<SplitConfig> split,
        Optional<MirrorConfig> mirror,
        RewriteConfig rewrite,
        Optional<CorsConfig> cors,
        RouteLimits limits,
        boolean debug) {

    /** A route that asks for nothing but sessions and policies. */
    public static RouteConfig plain(
            String name,
            List<String> hosts,
            List<String> paths,
            Map<String, String> headers,
            String pool,
            List<AffinityConfig> affinity,
            List<PolicyConfig> policies,
            boolean debug) {
        return new RouteConfig(
                name,
                hosts,
                paths,
                headers,
                pool,
                affinity,
                policies,
                Optional.empty(),
                Optional.empty(),
                RewriteConfig.NOTHING,
                Optional.empty(),
                RouteLimits.NONE,
                debug);
    }

    /** The same, with other changes on the way. */
    public RouteConfig changing(RewriteConfig rewritten, Optional<CorsConfig> pages, RouteLimits taking) {
        return new RouteConfig(
                name, hosts, paths, headers, pool, affinity, policies, split, mirror, rewritten, pages, taking, debug);
    }

    /** The same, leading to another pool alone. */
    public RouteConfig leadingTo(String other) {
        return new RouteConfig(
                name,
                hosts,
                paths,
                headers,
                other,
                affinity,
                policies,
                Optional.empty(),
                mirror,
                rewrite,
                cors,
                limits,
                debug);
    }
}
