package dev.sandgate.conf;

import java.time.Duration;
import java.util.List;

/**
 * Which pages of other origins may call a route (Fetch standard, CORS protocol).
 *
 * @param origins {@code https://app.example.com}, {@code https://*.example.com}, or {@code *} alone for everybody
 * @param credentials whether with cookies and the like; never together with {@code *}
 * @param methods that they may use; empty: those they ask for
 * @param headers that they may send; empty: those they ask for
 * @param expose fields of answers that they may read beside those of MCP, of limits and of sessions; mostly empty
 * @param maxAge for how long a browser need not ask again; zero: it asks each time
 */
public record CorsConfig(
        List<String> origins,
        boolean credentials,
        List<String> methods,
        List<String> headers,
        List<String> expose,
        Duration maxAge) {}
