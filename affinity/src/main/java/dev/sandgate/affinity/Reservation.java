package dev.sandgate.affinity;

import java.time.Duration;

/**
 * A slot held on an instance before its session has an id. Lapses by itself after the lease unless extended, confirmed
 * or released.
 *
 * @param instance where the slot is
 * @param requestId the number under which it was asked for
 * @param lease how long it lasts from its making, and from each extension
 */
public record Reservation(Instance instance, long requestId, Duration lease) {}
