package dev.sandgate.proxy.request;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.pool.Pool;
import java.util.Optional;

/**
 * A route at work.
 *
 * @param config as the operator wrote it
 * @param pool where it leads
 * @param identifier how its sessions are told
 * @param checks what it asks of a request
 * @param rules what it does to all that goes by
 * @param number under which it is counted
 * @param fallback where it leads whom the pool cannot give an instance; empty: nowhere
 */
public record Route(
        RouteConfig config, Pool pool, Identifier identifier, Checks checks, RouteRules rules, int number, Optional<Route> fallback) {}
