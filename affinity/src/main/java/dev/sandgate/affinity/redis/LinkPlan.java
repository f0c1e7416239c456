package dev.sandgate.affinity.redis;

import java.time.Duration;

/**
 * Where Redis is, and how patient the link is.
 *
 * @param url {@code redis://[user:password@]host:port[/database]}; never logged whole
 * @param connectTimeout for a connection and its greeting
 * @param commandTimeout from a command's sending to its answer, waiting for a connection included
 * @param firstPause before the second try to connect; doubled with each try
 * @param longestPause between two tries
 */
public record LinkPlan(
        String url, Duration connectTimeout, Duration commandTimeout, Duration firstPause, Duration longestPause) {

    /** With the usual patience: connect 1 s, command 250 ms, pauses from 50 ms to 1 s. */
    public static LinkPlan to(String url) {
        return new LinkPlan(
                url, Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofMillis(50), Duration.ofSeconds(1));
    }
}
