package dev.sandgate.proxy;

/**
 * What a door holds at one moment. At rest all but {@code connections}, {@code keptOutbound} and {@code sessions} are
 * zero, whatever happened before.
 *
 * @param connections open inbound connections
 * @param requests accepted and not yet settled
 * @param outbound connections to instances that carry a request, or are being opened for one
 * @param keptOutbound idle connections to instances
 * @param queued requests that wait for a slot
 * @param sessions bindings in the table
 * @param reservations slots held for sessions without an id
 */
public record Vitals(
        int connections, int requests, int outbound, int keptOutbound, int queued, int sessions, int reservations) {

    /** Whether nothing is under way. */
    public boolean atRest() {
        return requests == 0 && outbound == 0 && queued == 0 && reservations == 0;
    }
}
