package dev.sandgate.bench.scenario;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One sort of sessions in the mix.
 *
 * @param weight its share among the others; 1 or more
 * @param arrival when it comes, beside the others; an open model. Empty: it is one of the mix
 * @param calls how many requests it makes once it is open; 0: it only opens
 * @param pace when each is made
 * @param host the host that HTTP sessions ask for; empty: the door's own, or the affinity's
 * @param path what HTTP sessions ask for; unused by WebSocket and MCP
 * @param headers fields that HTTP sessions send with each request, a credential for one
 * @param stream the path of an event stream that it holds open from its opening to its end; empty: none. For
 *     {@link Affinity.Source#MCP_STREAMABLE} any text holds the stream of its {@code GET}
 * @param hold how long it stays after its last call, holding its stream
 * @param end how it goes
 */
public record Sessions(
        String name,
        int weight,
        Optional<Arrival> arrival,
        Affinity affinity,
        int calls,
        Pace pace,
        String host,
        String path,
        Map<String, String> headers,
        String stream,
        Duration hold,
        Ending end) {

    /** How a session is over. */
    public enum Ending {
        /** It says so: {@code DELETE}, or the close of its stream or WebSocket. */
        END,
        /** It is never heard of again; its connections stay as they are until the run is over. */
        VANISH
    }

    /**
     * When the calls of a session are made.
     *
     * @param fixed true: one each {@code every}, counted from its planned start, whenever the last was answered; false:
     *     {@code every} after the answer to the last, as one who thinks
     */
    public record Pace(boolean fixed, Duration every) {}
}
