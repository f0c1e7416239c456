package dev.sandgate.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer, heard to its end.
 *
 * @param status 0 where no head came
 * @param headers of the head, or none
 * @param body what came of it, read as UTF-8
 * @param cut why it is not whole; empty: it is, by its own framing
 */
public record Answer(int status, @Nullable HttpHeaders headers, String body, Optional<Ear.Cut> cut) {

    private static final int LARGEST_BODY = 16 * 1024 * 1024;

    /** Hears one and passes it on, once. */
    public static Ear whole(Consumer<Answer> then) {
        return new Hearing(then);
    }

    /** The first value of a field; empty where there is none. */
    public String field(String name) {
        String value = headers == null ? null : headers.get(name);
        return value == null ? "" : value;
    }

    /** Whether it is an event stream. */
    public boolean streams() {
        return field("content-type").startsWith("text/event-stream");
    }

    private static final class Hearing implements Ear {

        private final Consumer<Answer> then;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        private int status;
        private @Nullable HttpHeaders headers;

        private Hearing(Consumer<Answer> then) {
            this.then = then;
        }

        @Override
        public void head(HttpResponse head) {
            status = head.status().code();
            headers = head.headers();
        }

        @Override
        public void piece(ByteBuf piece) {
            int room = Math.min(piece.readableBytes(), LARGEST_BODY - body.size());
            for (int i = 0; i < room; i++) {
                body.write(piece.getByte(piece.readerIndex() + i));
            }
        }

        @Override
        public void end() {
            then.accept(new Answer(status, headers, body.toString(StandardCharsets.UTF_8), Optional.empty()));
        }

        @Override
        public void cut(Cut why) {
            then.accept(new Answer(status, headers, body.toString(StandardCharsets.UTF_8), Optional.of(why)));
        }
    }
}
