package dev.sandgate.bench.load;

import dev.sandgate.bench.wire.Answer;
import dev.sandgate.bench.wire.Ask;
import dev.sandgate.bench.wire.Wire;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** MCP Streamable HTTP (2025-03-26 to 2025-11-25): the id is told by the answer to {@code initialize}. */
final class StreamableSpeech implements Speech {

    private static final String PATH = "/mcp";

    private final Doors doors;
    private String session = "";
    private @Nullable Wire stream;

    StreamableSpeech(Doors doors) {
        this.doors = doors;
    }

    @Override
    public boolean opens() {
        return true;
    }

    @Override
    public void open(Consumer<Said> then) {
        Ask ask = McpWords.post(PATH, McpWords.initialize(McpWords.STREAMABLE));
        doors.next().send(ask, Answer.whole(answer -> {
            Said said = McpWords.responseTo(0, answer);
            session = answer.field(McpWords.SESSION);
            if (!said.succeeded()) {
                then.accept(said);
            } else if (session.isEmpty()) {
                then.accept(Said.failed("no-session-id"));
            } else {
                confirm(then);
            }
        }));
    }

    private void confirm(Consumer<Said> then) {
        doors.next()
                .send(
                        known(McpWords.post(PATH, McpWords.INITIALIZED)),
                        Answer.whole(answer -> then.accept(Said.success(answer) ? Said.well() : Said.refusal(answer))));
    }

    @Override
    public boolean told() {
        return !session.isEmpty();
    }

    @Override
    public void call(long number, Consumer<Said> then) {
        doors.next()
                .send(
                        known(McpWords.post(PATH, McpWords.count(number))),
                        Answer.whole(answer -> then.accept(McpWords.responseTo(number, answer))));
    }

    @Override
    public void hold(StreamEar ear) {
        Ask ask = known(Ask.of("GET", PATH).with("Accept", "text/event-stream"));
        stream = doors.next().stream(ask, new HeldStream(ear));
    }

    @Override
    public boolean ends() {
        return true;
    }

    @Override
    public void end(Consumer<Said> then) {
        leave();
        doors.next()
                .send(
                        known(Ask.of("DELETE", PATH)),
                        Answer.whole(answer -> then.accept(Said.success(answer) ? Said.well() : Said.refusal(answer))));
    }

    @Override
    public void leave() {
        if (stream != null) {
            stream.leave();
        }
    }

    private Ask known(Ask ask) {
        return ask.with(McpWords.SESSION, session).with(McpWords.VERSION, McpWords.STREAMABLE);
    }
}
