package dev.sandgate.conf;

import java.util.OptionalLong;

/**
 * What requests of one route may take.
 *
 * @param bodyBytes of a request; empty: as much as its listener lets pass
 * @param minRate bytes per second at which a client must at least send a body and take an answer, while it is the client
 *     who is waited for; empty: any
 */
public record RouteLimits(OptionalLong bodyBytes, OptionalLong minRate) {

    public static final RouteLimits NONE = new RouteLimits(OptionalLong.empty(), OptionalLong.empty());
}
