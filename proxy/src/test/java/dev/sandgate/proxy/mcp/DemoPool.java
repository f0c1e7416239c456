package dev.sandgate.proxy.mcp;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Some demo sandboxes on one event loop, each of which speaks every generation of MCP. */
final class DemoPool implements AutoCloseable {

    /** The affinity of a route that says only {@code "mcp"}. */
    static final AffinityConfig MCP =
            new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<DemoSandbox> sandboxes;

    private DemoPool(int count) {
        sandboxes = IntStream.range(0, count)
                .mapToObj(number -> SandboxOptions.of("127.0.0.1", 0, "sandbox-" + number))
                .map(options -> Await.finished(DemoSandbox.start(vertx, options)))
                .toList();
    }

    static DemoPool of(int count) {
        return new DemoPool(count);
    }

    /** A door to them; its route says {@code "mcp"}. */
    DoorPlan plan() {
        return DoorPlan.toUrls(sandboxes.stream()
                        .map(DemoSandbox::url)
                        .map(URI::create)
                        .toArray(URI[]::new))
                .affinity(MCP)
                .debug();
    }

    DemoSandbox get(int number) {
        return sandboxes.get(number);
    }

    /** Over all of them. */
    long sum(ToLongFunction<DemoSandbox> count) {
        return sandboxes.stream().mapToLong(count).sum();
    }

    /** Requests that named a session which was not there. */
    long strays() {
        return sum(sandbox -> sandbox.mcp().strays());
    }

    /** Event streams that are open now. */
    long streams() {
        return sum(sandbox -> sandbox.mcp().streams());
    }

    @Override
    public void close() {
        Await.finished(vertx.close());
    }
}
