package dev.sandgate.bench.load;

import dev.sandgate.bench.wire.Answer;
import dev.sandgate.bench.wire.Ask;
import dev.sandgate.bench.wire.Ear;
import dev.sandgate.bench.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** MCP HTTP+SSE (2024-11-05): a stream that tells where to post, and on which all answers come. */
final class SseSpeech implements Speech {

    private final Doors doors;
    private final Map<Long, Consumer<Said>> awaited = new HashMap<>();
    private String endpoint = "";
    private @Nullable Wire stream;
    private @Nullable StreamEar holder;

    SseSpeech(Doors doors) {
        this.doors = doors;
    }

    @Override
    public boolean opens() {
        return true;
    }

    @Override
    public void open(Consumer<Said> then) {
        awaited.put(0L, said -> {
            if (said.succeeded()) {
                post(-1, McpWords.INITIALIZED, then);
            } else {
                then.accept(said);
            }
        });
        stream = doors.next().stream(Ask.of("GET", "/sse").with("Accept", "text/event-stream"), new Stream());
    }

    @Override
    public boolean told() {
        return !endpoint.isEmpty();
    }

    @Override
    public void call(long number, Consumer<Said> then) {
        post(number, McpWords.count(number), then);
    }

    /** Posts; what was asked with a number is answered on the stream, what was not by the answer itself. */
    private void post(long number, String message, Consumer<Said> then) {
        if (number > 0) {
            awaited.put(number, then);
        }
        doors.next().send(McpWords.post(endpoint, message), Answer.whole(answer -> {
            if (!Said.success(answer)) {
                Consumer<Said> waits = number >= 0 ? awaited.remove(number) : then;
                if (waits != null) {
                    waits.accept(Said.refusal(answer));
                }
            } else if (number < 0) {
                then.accept(Said.well());
            }
        }));
    }

    @Override
    public void hold(StreamEar ear) {
        holder = ear;
        ear.open();
    }

    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public void end(Consumer<Said> then) {
        throw new IllegalStateException("the end of its stream is the end of the session");
    }

    @Override
    public void leave() {
        awaited.clear();
        holder = null;
        if (stream != null) {
            stream.leave();
        }
    }

    private void event(String name, String data) {
        if (name.equals("endpoint")) {
            endpoint = data;
            post(0, McpWords.initialize("2024-11-05"), Said::succeeded);
            return;
        }
        for (Long number : List.copyOf(awaited.keySet())) {
            McpWords.response(number, data).ifPresent(said -> {
                Consumer<Said> then = awaited.remove(number);
                if (then != null) {
                    then.accept(said);
                }
            });
        }
    }

    private void over(Said why) {
        List<Consumer<Said>> all = List.copyOf(awaited.values());
        awaited.clear();
        all.forEach(then -> then.accept(why));
        if (holder != null) {
            holder.over(why.failure());
        }
    }

    /** The stream, or the refusal that came instead. */
    private final class Stream implements Ear {

        private final SseLines lines = new SseLines((name, id, data) -> event(name, data));
        private final ByteArrayOutputStream refusal = new ByteArrayOutputStream();
        private int status;

        @Override
        public void head(HttpResponse head) {
            status = head.status().code();
        }

        @Override
        public void piece(ByteBuf piece) {
            if (status == 200) {
                lines.piece(piece);
            } else {
                refusal.writeBytes(piece.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void end() {
            String body = refusal.toString(StandardCharsets.UTF_8);
            over(
                    status == 200
                            ? new Said(Optional.empty(), "stream-ended", true, false, true)
                            : Said.refusal(new Answer(status, null, body, Optional.empty())));
        }

        @Override
        public void cut(Cut why) {
            over(new Said(Optional.empty(), status == 200 ? "stream-cut" : why.told(), status == 200, false, true));
        }
    }
}
