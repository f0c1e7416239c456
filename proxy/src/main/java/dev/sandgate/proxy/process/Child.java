package dev.sandgate.proxy.process;

import dev.sandgate.proxy.process.ChildRecord.Seen;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A started process, and all that it starts in turn. Safe from any thread; what blocks says so. */
public final class Child {

    private final String mark;
    private final Launch launch;
    private final Process process;
    private final StateFolder state;
    private final Optional<Seen> seen;

    private Child(String mark, Launch launch, Process process, StateFolder state) {
        this.mark = mark;
        this.launch = launch;
        this.process = process;
        this.state = state;
        this.seen = Seen.of(process.toHandle());
    }

    /**
     * Starts it, written down before and after: what dies with the node in between is known by its mark. Blocks.
     *
     * @throws IOException where it cannot be started or written down; then nothing is left of it
     */
    static Child start(Launch launch, StateFolder state) throws IOException {
        String mark = Mark.made();
        ProcessBuilder prepared = launch.prepare(mark);
        state.write(new ChildRecord(mark, launch.name(), Optional.empty()));
        Process process;
        try {
            process = prepared.start();
        } catch (IOException refused) {
            state.forget(mark);
            throw refused;
        }
        Child child = new Child(mark, launch, process, state);
        ChildOutput.follow(launch.name(), process.getInputStream());
        try {
            state.write(new ChildRecord(mark, launch.name(), child.seen));
        } catch (IOException unwritten) {
            child.end(Duration.ZERO);
            throw unwritten;
        }
        return child;
    }

    /** Names this life: random, no two alike. */
    public String mark() {
        return mark;
    }

    public long pid() {
        return process.pid();
    }

    /** Its own until it has ended. */
    int port() {
        return launch.port();
    }

    /** Its exit code once it is over, on this context; of one that a signal ended, 128 and the signal's number. */
    public Future<Integer> exited(Context context) {
        return Future.fromCompletionStage(process.onExit().thenApply(Process::exitValue), context);
    }

    /**
     * Writes down what it runs by now: launchers have given way to the program itself. Blocks.
     *
     * @throws IOException where it cannot be written down
     */
    void noteProgram() throws IOException {
        Optional<Seen> now = Seen.of(process.toHandle());
        state.write(new ChildRecord(
                mark, launch.name(), seen.map(before -> now.map(before::and).orElse(before))));
    }

    /** Asks it and all that it started to end, by SIGTERM. Blocks for some milliseconds. */
    void ask() {
        kin().ask();
    }

    private Kin kin() {
        return new Kin(mark, List.of(process.toHandle()), Optional.of(process.toHandle()));
    }

    /**
     * Ends it with all that it started, and forgets it. Blocks. Twice does nothing.
     *
     * @param patience how long it may still take to end by itself; zero: SIGKILL at once
     * @throws IOException where something is left: it stays written down for the next start
     */
    void end(Duration patience) throws IOException {
        if (!kin().end(patience)) {
            throw new IOException("processes of " + launch.name() + " cannot be ended");
        }
        state.forget(mark);
    }
}
