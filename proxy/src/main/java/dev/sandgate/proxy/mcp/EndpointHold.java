package dev.sandgate.proxy.mcp;

import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The beginning of an event stream, held until its {@code endpoint} event is whole (MCP 2024-11-05, HTTP with SSE): that
 * event tells the session's id, which no client may learn before the table has it. The event's URI is rewritten to a
 * path on this door.
 */
public final class EndpointHold {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int BYTES_OF_THE_MARK = 3;
    private static final int MAX_BYTES = 64 * 1024;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * The endpoint event was found.
     *
     * @param id the session's, decoded; empty: the event names none
     * @param stream all that was held, with the event's URI rewritten
     */
    public record Found(Optional<String> id, Buffer stream) {}

    private final String streamPath;
    private final UnaryOperator<String> back;
    private final Predicate<String> isIdParameter;
    private final long sinceNanos;
    private Buffer held = Buffer.buffer();
    private int scanned;
    private int lineStart;
    private int dataStart = -1;
    private int dataEnd = -1;
    private boolean isEndpoint;
    private boolean afterReturn;

    /** Holds a stream of a server that clients reach by its own paths. */
    public EndpointHold(String streamPath, Predicate<String> isIdParameter, long nowNanos) {
        this(streamPath, UnaryOperator.identity(), isIdParameter, nowNanos);
    }

    /**
     * Holds a stream.
     *
     * @param streamPath the path under which the server opened it; a relative URI is resolved against it
     * @param back makes a path of the server's one of the client's
     * @param isIdParameter knows the names of the query value that is the session's id
     * @param nowNanos the stream's beginning
     */
    public EndpointHold(String streamPath, UnaryOperator<String> back, Predicate<String> isIdParameter, long nowNanos) {
        this.streamPath = streamPath;
        this.back = back;
        this.isIdParameter = isIdParameter;
        this.sinceNanos = nowNanos;
    }

    /** Takes the next piece. {@link #held} grows until the event is found. */
    public Optional<Found> offer(Buffer piece) {
        held = held.appendBuffer(piece);
        while (scanned < held.length()) {
            int at = scanned++;
            byte b = held.getByte(at);
            // an event is whole with a CR; the LF that may follow belongs to it
            boolean secondHalf = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (secondHalf) {
                lineStart = scanned;
            } else if (b == '\n' || b == '\r') {
                Optional<Found> found = line(lineStart, at);
                if (found.isPresent()) {
                    return found;
                }
                lineStart = scanned;
            }
        }
        return Optional.empty();
    }

    /** All that was offered, unchanged. */
    public Buffer held() {
        return held;
    }

    /** Whether the event is waited for no longer: after 64 KiB, or five seconds. */
    public boolean isOver(long nowNanos) {
        return held.length() > MAX_BYTES || nowNanos - sinceNanos > MAX_NANOS;
    }

    private Optional<Found> line(int from, int to) {
        if (from == to) {
            Optional<Found> found = isEndpoint && dataStart >= 0 ? rewritten() : Optional.empty();
            isEndpoint = false;
            dataStart = -1;
            return found;
        }
        String line = held.getString(from, to, "UTF-8");
        int mark = from == 0 && line.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
        if (line.startsWith("event:", mark)) {
            isEndpoint = line.substring(mark + 6).trim().equals("endpoint");
        } else if (line.startsWith("data:", mark) && dataStart < 0) {
            dataStart = from + (mark == 0 ? 0 : BYTES_OF_THE_MARK) + 5;
            dataEnd = to;
        }
        return Optional.empty();
    }

    private Optional<Found> rewritten() {
        try {
            URI uri = new URI(held.getString(dataStart, dataEnd, "UTF-8").trim());
            String query = uri.getRawQuery();
            String path = back.apply(path(uri));
            return Optional.of(new Found(id(query), replaced(query == null ? path : path + "?" + query)));
        } catch (URISyntaxException notAnEndpoint) {
            return Optional.of(new Found(Optional.empty(), held));
        }
    }

    // scheme and authority are the instance's own, and nobody's business outside
    private String path(URI uri) throws URISyntaxException {
        URI base = new URI(null, null, streamPath, null);
        String path = uri.getRawPath();
        if (path == null || path.isEmpty()) {
            return uri.getRawAuthority() == null ? base.getRawPath() : "/";
        }
        URI relative = new URI(path.replaceAll("^/{2,}", "/"));
        String resolved = base.resolve(relative).normalize().getRawPath();
        // above the root there is nothing (RFC 3986 section 5.2.4), but for java.net
        return resolved.replaceAll("^(/\\.\\.)+(?=/|$)", "").replaceAll("^$", "/");
    }

    private Optional<String> id(String query) {
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && isIdParameter.test(pair.substring(0, equals))) {
                String value = pair.substring(equals + 1);
                return Optional.of(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private Buffer replaced(String target) {
        return held.getBuffer(0, dataStart)
                .appendString(" " + target)
                .appendBuffer(held.getBuffer(dataEnd, held.length()));
    }
}
