package dev.sandgate.bench.load;

import dev.sandgate.bench.scenario.Sessions;
import java.util.function.Consumer;

/** How one session is spoken to the door: by header, WebSocket, MCP. Each method makes one exchange and tells of it once. */
interface Speech {

    /** Makes the speech of one sort. */
    static Speech of(Doors doors, Sessions sort, String id) {
        return switch (sort.affinity().source()) {
            case MCP_STREAMABLE -> new StreamableSpeech(doors);
            case MCP_SSE -> new SseSpeech(doors);
            case MCP_STATELESS -> new StatelessSpeech(doors, id);
            case WEBSOCKET -> new SocketSpeech(doors, sort.affinity().name(), id);
            default -> new HttpSpeech(doors, sort, id);
        };
    }

    /** Whether an opening of its own comes before the calls; if not, the first call opens the session. */
    boolean opens();

    /** Opens the session. */
    void open(Consumer<Said> then);

    /** Whether the door has told an id, where ids are learned. */
    boolean told();

    /** The {@code number}-th call, from 1. */
    void call(long number, Consumer<Said> then);

    /** Holds a stream, and tells of each event that it brings, then of its end. */
    void hold(StreamEar ear);

    /** Whether its end is an exchange; if not, it ends by {@link #leave}. */
    boolean ends();

    /** Says that the session is over. */
    void end(Consumer<Said> then);

    /** Goes without a word: cuts what is open, and tells of nothing more. */
    void leave();

    /** What a held stream brings. */
    interface StreamEar {

        /** Its head came. */
        void open();

        /** An event with its number, 0 where it has none, and its data. */
        void event(long number, String data);

        /** It ended, or never began. */
        void over(String why);
    }
}
