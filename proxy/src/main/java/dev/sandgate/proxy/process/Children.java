package dev.sandgate.proxy.process;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts and ends the processes of a node on threads of its own; owns the state folder. Any thread. Close it once, when
 * every child has ended.
 */
public final class Children {

    private static final int THREADS = 16;

    private final Path folder;
    private final WorkerExecutor workers;
    private volatile @Nullable StateFolder state;

    /**
     * Starts nothing yet: {@link #open} comes first.
     *
     * @param folder where children are written down
     * @param longest what one step may take without anybody wondering: how long children may take to stop
     */
    public Children(Vertx vertx, Path folder, Duration longest) {
        this.folder = folder;
        this.workers = vertx.createSharedWorkerExecutor(
                "sandgate-children", THREADS, longest.plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes the state folder and ends what an earlier node left running; fails where the folder cannot be used. */
    public Future<Void> open() {
        return workers.executeBlocking(
                () -> {
                    state = StateFolder.open(folder);
                    return null;
                },
                false);
    }

    private StateFolder state() {
        StateFolder opened = state;
        if (opened == null) {
            throw new IllegalStateException("the state folder is not open");
        }
        return opened;
    }

    /** Fails with an {@link IOException} that says why. */
    public Future<Child> start(Launch launch) {
        return workers.executeBlocking(() -> Child.start(launch, state()), false);
    }

    /** A port of 127.0.0.1 that is free now; somebody else may take it meanwhile. */
    public Future<Integer> freePort() {
        return workers.executeBlocking(
                () -> {
                    try (ServerSocket probe = new ServerSocket(0, 1, loopback())) {
                        return probe.getLocalPort();
                    }
                },
                false);
    }

    /** Whether somebody listens on this port of 127.0.0.1. */
    public Future<Boolean> isTaken(int port) {
        return workers.executeBlocking(
                () -> {
                    try (ServerSocket probe = new ServerSocket()) {
                        probe.bind(new InetSocketAddress(loopback(), port), 1);
                        return false;
                    } catch (IOException taken) {
                        return true;
                    }
                },
                false);
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Writes down what a child runs now that it is ready. */
    public Future<Void> settled(Child child) {
        return workers.executeBlocking(
                () -> {
                    child.noteProgram();
                    return null;
                },
                false);
    }

    /**
     * Ends a child with all that it started.
     *
     * @param patience from SIGTERM to SIGKILL; zero: SIGKILL at once
     */
    public Future<Void> end(Child child, Duration patience) {
        return workers.executeBlocking(
                () -> {
                    child.end(patience);
                    return null;
                },
                false);
    }

    public Future<Void> close() {
        return workers.executeBlocking(
                        () -> {
                            StateFolder opened = state;
                            if (opened != null) {
                                opened.close();
                            }
                            return null;
                        },
                        false)
                .eventually(workers::close)
                .mapEmpty();
    }
}
