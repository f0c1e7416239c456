package dev.sandgate.conf;

import java.util.List;

/**
 * What a route's sources of the session id must fit. Where one of these could not be read, that was told, and
 * everything fits.
 *
 * @param hosts the route's; empty: any
 * @param paths the route's; empty: any
 * @param ports whether its pool says which ports a host may reach
 * @param hash whether its pool places by a hash of the session id
 * @param placesAway whether its pool opens sessions without the table
 * @param proxiesNamed whether a listener trusts a proxy
 * @param manyNodes whether the table may have other nodes beside this one
 */
record RouteFacts(
        List<String> hosts,
        List<String> paths,
        boolean ports,
        boolean hash,
        boolean placesAway,
        boolean proxiesNamed,
        boolean manyNodes) {

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
