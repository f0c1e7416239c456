package dev.sandgate.bench.load;

import dev.sandgate.bench.wire.Answer;
import dev.sandgate.bench.wire.Ask;
import java.util.function.Consumer;

/** MCP 2026-07-28, which has no sessions of its own: a field names the session to door and sandbox. */
final class StatelessSpeech implements Speech {

    private final Doors doors;
    private final String id;

    StatelessSpeech(Doors doors, String id) {
        this.doors = doors;
        this.id = id;
    }

    @Override
    public boolean opens() {
        return false;
    }

    @Override
    public void open(Consumer<Said> then) {
        throw new IllegalStateException("nothing opens what has no session");
    }

    @Override
    public boolean told() {
        return false;
    }

    @Override
    public void call(long number, Consumer<Said> then) {
        Ask ask = McpWords.post("/mcp", McpWords.count(number))
                .with(McpWords.VERSION, McpWords.STATELESS)
                .with("Mcp-Method", "tools/call")
                .with("Mcp-Name", "count")
                .with(HttpSpeech.SANDBOX_FIELD, id);
        doors.next().send(ask, Answer.whole(answer -> then.accept(McpWords.responseTo(number, answer))));
    }

    @Override
    public void hold(StreamEar ear) {
        ear.over("no-stream");
    }

    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public void end(Consumer<Said> then) {
        throw new IllegalStateException("nothing ends what has no session");
    }

    @Override
    public void leave() {
        // each request was by itself
    }
}
