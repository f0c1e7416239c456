package dev.sandgate.proxy.faults;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.proxy.kit.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Demo sandboxes side by side on free ports, each with the same room for sessions. */
final class Sandboxes implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<DemoSandbox> list;

    /** @param room how many sessions each holds; 0: any number */
    Sandboxes(int count, int room) {
        list = IntStream.range(0, count)
                .mapToObj(number ->
                        SandboxOptions.of("127.0.0.1", 0, "sandbox-" + number).withMaxSessions(room))
                .map(options -> finished(DemoSandbox.start(vertx, options)))
                .toList();
    }

    List<DemoSandbox> list() {
        return list;
    }

    URI[] urls() {
        return list.stream().map(DemoSandbox::url).map(URI::create).toArray(URI[]::new);
    }

    /** Sessions held now, by all. */
    int sessions() {
        return list.stream().mapToInt(DemoSandbox::sessions).sum();
    }

    @Override
    public void close() {
        finished(vertx.close());
    }

    private static <T> T finished(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
