package dev.sandgate.proxy.mcp;

import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The beginning of an event stream, held until its {@code endpoint} event is whole (MCP 2024-11-05, HTTP with SSE): that
 * event tells the session's id, which no client may learn before the table has it. The event's URI is rewritten to a
 * path on this door.
 */
public final class EndpointHold {

    /** More than this is not held. */
    public static final int MAX_BYTES = 64 * 1024;

    /**
     * The endpoint event was found.
     *
     * @param id the session's, decoded
     * @param stream all that was held, with the event's URI rewritten
     */
    public record Found(String id, Buffer stream) {}

    private final String streamPath;
    private final Predicate<String> isIdParameter;
    private Buffer held = Buffer.buffer();
    private int lineStart;
    private int dataStart = -1;
    private int dataEnd = -1;
    private boolean isEndpoint;

    /**
     * Holds a stream.
     *
     * @param streamPath the path under which the client opened it; a relative URI is resolved against it
     * @param isIdParameter knows the names of the query value that is the session's id
     */
    public EndpointHold(String streamPath, Predicate<String> isIdParameter) {
        this.streamPath = streamPath;
        this.isIdParameter = isIdParameter;
    }

    /** Takes the next piece. {@link #held} grows until the event is found. */
    public Optional<Found> offer(Buffer piece) {
        held = held.appendBuffer(piece);
        int at = lineStart;
        while (at < held.length()) {
            byte b = held.getByte(at);
            if (b == '\n' || b == '\r') {
                // a CR at the end may be half of a CRLF: only more tells
                if (b == '\r' && at + 1 == held.length()) {
                    return Optional.empty();
                }
                Optional<Found> found = line(lineStart, at);
                if (found.isPresent()) {
                    return found;
                }
                at += b == '\r' && held.getByte(at + 1) == '\n' ? 2 : 1;
                lineStart = at;
            } else {
                at++;
            }
        }
        return Optional.empty();
    }

    /** All that was offered, unchanged. */
    public Buffer held() {
        return held;
    }

    private Optional<Found> line(int from, int to) {
        if (from == to) {
            Optional<Found> found = isEndpoint && dataStart >= 0 ? rewritten() : Optional.empty();
            isEndpoint = false;
            dataStart = -1;
            return found;
        }
        String line = held.getString(from, to, "UTF-8");
        if (line.startsWith("event:")) {
            isEndpoint = line.substring(6).trim().equals("endpoint");
        } else if (line.startsWith("data:") && dataStart < 0) {
            dataStart = from + 5;
            dataEnd = to;
        }
        return Optional.empty();
    }

    private Optional<Found> rewritten() {
        try {
            URI uri = new URI(held.getString(dataStart, dataEnd, "UTF-8").trim());
            URI resolved =
                    new URI(null, null, streamPath, null).resolve(pathOf(uri)).normalize();
            String path = resolved.getRawPath();
            if (path == null || !path.startsWith("/") || path.contains("..")) {
                return Optional.empty();
            }
            Optional<String> id = id(uri.getRawQuery());
            String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
            return id.map(found -> new Found(found, replaced(target)));
        } catch (URISyntaxException notAnEndpoint) {
            return Optional.empty();
        }
    }

    // scheme and authority are the instance's own, and nobody's business outside
    private static URI pathOf(URI uri) throws URISyntaxException {
        String path = uri.getRawPath();
        return new URI(path == null || path.isEmpty() ? "/" : path.replaceAll("^/{2,}", "/"));
    }

    private Optional<String> id(String query) {
        if (query == null) {
            return Optional.empty();
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && isIdParameter.test(pair.substring(0, equals))) {
                String value = pair.substring(equals + 1);
                return Optional.of(java.net.URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
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
