package dev.sandgate.bench;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A demo sandbox as a process of its own, until SIGTERM ends it with 0. */
@Command(
        name = "sandbox",
        description = "Runs a sandbox with state per session until SIGTERM.",
        mixinStandardHelpOptions = true)
final class SandboxCommand implements Callable<Integer> {

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "0 takes a free one.")
    private int port;

    @Option(names = "--host", paramLabel = "HOST", description = "Where it listens; ${DEFAULT-VALUE} unless given.")
    private String host = "127.0.0.1";

    @Option(names = "--name", paramLabel = "NAME", description = "What it calls itself in every answer.")
    private String name = "";

    @Option(names = "--max-sessions", paramLabel = "N", description = "Answers 503 to a session beyond; 0: never.")
    private int maxSessions;

    @Option(
            names = "--session-header",
            paramLabel = "FIELD",
            description = "The field that carries the session id; ${DEFAULT-VALUE} unless given.")
    private String sessionHeader = SandboxOptions.SESSION_HEADER;

    private final PrintWriter out;
    private final PrintWriter err;

    SandboxCommand(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Returns 1 where the address cannot be had, 2 where an option makes no sense. */
    @Override
    public Integer call() throws InterruptedException {
        String called = !name.isEmpty()
                ? name
                : "sandbox-" + (port != 0 ? port : ProcessHandle.current().pid());
        try {
            return run(new SandboxOptions(host, port, called, sessionHeader, maxSessions));
        } catch (IllegalArgumentException nonsense) {
            err.println(nonsense.getMessage());
            return 2;
        }
    }

    private int run(SandboxOptions options) throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        DemoSandbox sandbox;
        try {
            sandbox = DemoSandbox.start(vertx, options).await();
        } catch (Exception refused) { // await throws what the listener failed with, checked or not
            err.println("sandbox " + options.name() + " cannot listen on " + host + ":" + port + ": "
                    + refused.getMessage());
            vertx.close().await();
            return 1;
        }
        // the JVM would exit 143 on SIGTERM
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "stop"));
        out.println("sandbox " + sandbox.name() + " listens on " + sandbox.url());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }
}
