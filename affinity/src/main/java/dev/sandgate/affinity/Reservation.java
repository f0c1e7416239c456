package dev.sandgate.affinity;

/**
 * A slot held on an instance before its session has an id. Lapses by itself after the lease unless extended, confirmed
 * or released.
 *
 * @param instance where the slot is
 * @param requestId the number under which it was asked for
 */
public record Reservation(Instance instance, long requestId) {}
