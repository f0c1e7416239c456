package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Messages on a stream that dies with its connection.
 *
 * @param endsWithAnswer whether the one answer is the stream's last event
 */
record SseOutlet(Sse sse, boolean endsWithAnswer) implements Outlet {

    private static final Optional<String> MESSAGE = Optional.of("message");

    @Override
    public void say(JsonObject message) {
        sse.event(MESSAGE, Optional.empty(), message.encode());
    }

    @Override
    public void answer(JsonObject message) {
        say(message);
        if (endsWithAnswer) {
            sse.end();
        }
    }

    @Override
    public boolean wanted() {
        return sse.open();
    }
}
