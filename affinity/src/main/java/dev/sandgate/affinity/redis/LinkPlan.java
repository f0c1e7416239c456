package dev.sandgate.affinity.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

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

    public LinkPlan {
        // Never with the text itself: it may hold a password.
        if (host(url).isEmpty()) {
            throw new IllegalArgumentException(
                    "the address of Redis is malformed (expected: redis://[user:password@]host:port[/database])");
        }
    }

    /** Host and port, fit for logs. */
    String where() {
        return host(url).orElseThrow();
    }

    private static Optional<String> host(String url) {
        try {
            URI parsed = new URI(url);
            int port = parsed.getPort() < 0 ? 6379 : parsed.getPort();
            return Optional.ofNullable(parsed.getHost()).map(host -> host + ":" + port);
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** With the usual patience: connect 1 s, command 250 ms, pauses from 50 ms to 1 s. */
    public static LinkPlan to(String url) {
        return new LinkPlan(
                url, Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofMillis(50), Duration.ofSeconds(1));
    }
}
