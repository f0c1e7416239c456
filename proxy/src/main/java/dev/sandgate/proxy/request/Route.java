package dev.sandgate.proxy.request;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.pool.Pool;

/**
 * A route at work.
 *
 * @param config as the operator wrote it
 * @param pool where it leads
 * @param identifier how its sessions are told
 * @param number under which it is counted
 */
public record Route(RouteConfig config, Pool pool, Identifier identifier, int number) {}
