package dev.sandgate.proxy.request;

import java.util.List;

/**
 * What a route asks of a request, in the config's order within each phase.
 *
 * @param admit before its session is looked for
 * @param session once it is known of which session it is
 * @param opening where it would open a session
 */
public record Checks(List<Check> admit, List<Check> session, List<Check> opening) {}
