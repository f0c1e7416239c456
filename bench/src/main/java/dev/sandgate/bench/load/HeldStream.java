package dev.sandgate.bench.load;

import dev.sandgate.bench.load.Speech.StreamEar;
import dev.sandgate.bench.wire.Ear;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Hears an event stream that a session holds. */
final class HeldStream implements Ear {

    private static final int OK = 200;

    private final StreamEar ear;
    private final SseLines lines;
    private int status;

    HeldStream(StreamEar ear) {
        this.ear = ear;
        this.lines = new SseLines((name, id, data) -> ear.event(number(id), data));
    }

    @Override
    public void head(HttpResponse head) {
        status = head.status().code();
        if (status == OK) {
            ear.open();
        }
    }

    @Override
    public void piece(ByteBuf piece) {
        if (status == OK) {
            lines.piece(piece);
        }
    }

    @Override
    public void end() {
        ear.over(status == OK ? "" : "status-" + status);
    }

    @Override
    public void cut(Cut why) {
        ear.over(why == Cut.LEFT ? "" : why.told());
    }

    private static long number(String id) {
        return id.isEmpty() || id.length() > 18 || !id.chars().allMatch(c -> c >= '0' && c <= '9')
                ? 0
                : Long.parseLong(id);
    }
}
