package dev.sandgate.proxy.request;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.identify.SharedSession;
import dev.sandgate.proxy.pool.Pool;
import java.util.Optional;

/**
 * A route at work.
 *
 * @param config as the operator wrote it
 * @param pool where it leads
 * @param identifier how its sessions are told
 * @param checks what it asks of a request
 * @param number under which it is counted
 * @param fallback where it leads whom the pool cannot give an instance; empty: nowhere
 */
public record Route(
        RouteConfig config, Pool pool, Identifier identifier, Checks checks, int number, Optional<Route> fallback) {

    /** The same for requests which are all of this session, wherever the route may lead. */
    public Route sharing(SharedSession session) {
        return new Route(
                config,
                pool,
                identifier.sharing(session),
                checks,
                number,
                fallback.map(elsewhere -> elsewhere.sharing(session)));
    }
}
