package dev.sandgate.proxy.route;

import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that come and go while the node runs, each with the one route that it leads to. A request costs one volatile read
 * and one look into a map, and no memory. Any thread.
 *
 * @param <R> what a route became
 */
public final class DomainTable<R> {

    /**
     * Where one host leads.
     *
     * @param asked what its route asks of a path and of fields
     * @param route to it; never empty
     */
    public record Goal<R>(RouteTable<R> asked, Optional<R> route) {

        /** The route; empty: it does not take this path, or not these fields. */
        public Optional<R> find(String path, MultiMap headers) {
            return asked.find("", path, headers).isPresent() ? route : Optional.empty();
        }
    }

    private volatile Map<String, Goal<R>> goals = Map.of();

    /**
     * Where this host leads; null: nobody said.
     *
     * @param host lower case, without port and trailing dot
     */
    public @Nullable Goal<R> at(String host) {
        return goals.get(host);
    }

    /** All of them, by host; unchanging. */
    public Map<String, Goal<R>> all() {
        return goals;
    }

    /**
     * These are all there are from now on.
     *
     * @param all by host; does not change any more
     */
    public void replace(Map<String, Goal<R>> all) {
        goals = all;
    }
}
