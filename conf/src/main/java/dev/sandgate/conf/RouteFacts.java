package dev.sandgate.conf;

import java.util.List;
import java.util.Optional;

/**
 * What a route's sources of the session id must fit. Where one of these could not be read, that was told, and
 * everything fits.
 *
 * @param hosts the route's; empty: any
 * @param paths the route's; empty: any
 * @param ports whether all pools that it leads to say which ports a host may reach: its own, the variants of its split,
 *     and their fallbacks
 * @param hash whether one of these places by a hash of the session id
 * @param placesAway whether one of these opens sessions without the table
 * @param proxiesNamed whether a listener trusts a proxy
 * @param authenticates whether a policy of the route tells who calls
 * @param manyNodes whether the table may have other nodes beside this one
 */
record RouteFacts(
        List<String> hosts,
        List<String> paths,
        boolean ports,
        boolean hash,
        boolean placesAway,
        boolean proxiesNamed,
        boolean authenticates,
        boolean manyNodes) {

    /**
     * The same, of a route that asks this of its requests.
     *
     * @param said the same as the file says it; empty: the route asks nothing
     */
    RouteFacts asking(List<PolicyConfig> policies, Optional<Value> said) {
        boolean told = policies.stream().anyMatch(policy -> policy instanceof PolicyConfig.Authenticate);
        // One that is unfit, which was told, may have been to tell who calls.
        boolean whole = said.filter(value -> !(value.node() instanceof Node.Items list
                        && list.nodes().size() == policies.size()))
                .isEmpty();
        return new RouteFacts(hosts, paths, ports, hash, placesAway, proxiesNamed || !whole, told, manyNodes);
    }

    /** Whether the route takes any label in front of this domain, which begins with its dot. */
    boolean takesLabelsOf(String domain) {
        return hosts.isEmpty()
                || hosts.stream().anyMatch(host -> host.startsWith("*.") && domain.endsWith(host.substring(1)));
    }

    /** Whether the route takes all that is below this path. */
    boolean takes(String path) {
        String below = path.endsWith("/") ? path : path + "/";
        return paths.isEmpty()
                || paths.stream().anyMatch(prefix -> prefix.equals("/") || below.startsWith(prefix + "/"));
    }
}
