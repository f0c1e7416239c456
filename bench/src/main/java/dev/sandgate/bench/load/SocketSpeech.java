package dev.sandgate.bench.load;

import dev.sandgate.bench.truth.Sight;
import dev.sandgate.bench.wire.SocketWire;
import dev.sandgate.bench.wire.SocketWire.SocketEar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket a session: the first message says who answers, and each call asks again. */
final class SocketSpeech implements Speech, SocketEar {

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final Doors doors;
    private final String field;
    private final String id;
    private @Nullable SocketWire wire;
    private @Nullable Consumer<Said> awaits;
    private @Nullable StreamEar holder;

    SocketSpeech(Doors doors, String field, String id) {
        this.doors = doors;
        this.field = field;
        this.id = id;
    }

    @Override
    public boolean opens() {
        return true;
    }

    @Override
    public void open(Consumer<Said> then) {
        awaits = then;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(HttpSpeech.SANDBOX_FIELD, id);
        fields.put(field, id);
        wire = SocketWire.open(doors.next(), "/ws", fields, HANDSHAKE, this);
    }

    @Override
    public boolean told() {
        return false;
    }

    @Override
    public void call(long number, Consumer<Said> then) {
        if (wire == null || awaits != null) {
            then.accept(Said.failed("closed"));
            return;
        }
        awaits = then;
        wire.say("count");
    }

    @Override
    public void hold(StreamEar ear) {
        holder = ear;
        ear.open();
    }

    @Override
    public boolean ends() {
        return true;
    }

    @Override
    public void end(Consumer<Said> then) {
        awaits = then;
        if (wire != null) {
            wire.end();
        }
    }

    @Override
    public void leave() {
        awaits = null;
        holder = null;
        if (wire != null) {
            wire.leave();
        }
    }

    @Override
    public void opened() {
        // the first message says more
    }

    @Override
    public void text(String message) {
        tell(Sight.of(message).map(Said::seen).orElseGet(() -> Said.halfOf(message)));
    }

    @Override
    public void closed(int status, int code) {
        wire = null;
        boolean asIAsked = code == 1000;
        tell(asIAsked ? Said.well() : Said.failed(status > 0 ? "status-" + status : "closed-" + code));
        if (holder != null) {
            holder.over("closed-" + code);
        }
    }

    private void tell(Said said) {
        Consumer<Said> then = awaits;
        awaits = null;
        if (then != null) {
            then.accept(said);
        }
    }
}
