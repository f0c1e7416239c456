package dev.sandgate.proxy.process;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts and ends the processes of a node on threads of its own; owns the state folder. Any thread. Close it once, when
 * every child has ended.
 */
public final class Children {

    private static final int THREADS = 16;
    /** How often a port is drawn until it is one that no other child has. */
    private static final int MOST_DRAWS = 1000;

    private final Path folder;
    private final WorkerExecutor workers;
    /** Beside the others: children that take their time to end must not keep others from being started. */
    private final WorkerExecutor enders;
    /** Drawn and not given back: a child listens only after a while, and until then its port looks free. */
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private volatile @Nullable StateFolder state;

    /**
     * Starts nothing yet: {@link #open} comes first.
     *
     * @param folder where children are written down
     * @param longest what one step may take without anybody wondering: how long children may take to stop
     */
    public Children(Vertx vertx, Path folder, Duration longest) {
        this.folder = folder;
        long millis = longest.plusSeconds(30).toMillis();
        this.workers = vertx.createSharedWorkerExecutor("sandgate-children", THREADS, millis, TimeUnit.MILLISECONDS);
        this.enders =
                vertx.createSharedWorkerExecutor("sandgate-children-ending", THREADS, millis, TimeUnit.MILLISECONDS);
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

    /** Fails with an {@link IOException} that says why; the launch's port is given back then. */
    public Future<Child> start(Launch launch) {
        return workers.executeBlocking(() -> Child.start(launch, state()), false)
                .onFailure(why -> ports.remove(launch.port()));
    }

    /**
     * A port of this machine that is free now on all its addresses, and that no other child gets while the one lives that is started with it.
     * Somebody else on this machine may take it meanwhile.
     */
    public Future<Integer> freePort() {
        return workers.executeBlocking(
                () -> {
                    for (int draw = 0; draw < MOST_DRAWS; draw++) {
                        int port = drawPort();
                        if (ports.add(port)) {
                            return port;
                        }
                    }
                    throw new IOException("there is no free port on this machine");
                },
                false);
    }

    private static int drawPort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1)) {
            return probe.getLocalPort();
        }
    }

    /** Whether somebody listens on this port of any address of this machine. */
    public Future<Boolean> isTaken(int port) {
        return workers.executeBlocking(
                () -> {
                    try (ServerSocket probe = new ServerSocket()) {
                        probe.bind(new InetSocketAddress(port), 1);
                        return false;
                    } catch (IOException taken) {
                        return true;
                    }
                },
                false);
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
     * Ends a child with all that it started: asked at once, also where many others are being waited for.
     *
     * @param patience from SIGTERM to SIGKILL; zero: SIGKILL at once
     */
    public Future<Void> end(Child child, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        return ask(child, patience)
                .transform(asked -> enders.executeBlocking(
                        () -> {
                            child.end(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
                            ports.remove(child.port());
                            return null;
                        },
                        false));
    }

    private Future<Void> ask(Child child, Duration patience) {
        return patience.isZero()
                ? Future.succeededFuture()
                : workers.executeBlocking(
                        () -> {
                            child.ask();
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
                .eventually(enders::close)
                .mapEmpty();
    }
}
