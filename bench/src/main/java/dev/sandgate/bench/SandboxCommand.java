package dev.sandgate.bench;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A demo sandbox as a process of its own, until SIGTERM ends it with 0. */
@Command(
        name = "sandbox",
        description = "Runs a sandbox with state per session until SIGTERM.",
        mixinStandardHelpOptions = true)
final class SandboxCommand implements Callable<Integer> {

    private static final int CLOSE_SECONDS = 2;

    @Option(
            names = "--port",
            required = true,
            split = ",",
            paramLabel = "PORT",
            description = "0 takes a free one; several, with commas between, are as many sandboxes in one process.")
    private List<Integer> ports = List.of();

    @Option(names = "--host", paramLabel = "HOST", description = "Where it listens; ${DEFAULT-VALUE} unless given.")
    private String host = "127.0.0.1";

    @Option(
            names = "--name",
            split = ",",
            paramLabel = "NAME",
            description = "What it calls itself in every answer; one for each port, or none.")
    private List<String> names = List.of();

    @Option(
            names = "--log",
            paramLabel = "FOLDER",
            description = "Writes down there, in NAME.log, what becomes of its sessions.")
    private Optional<Path> log = Optional.empty();

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

    /** Returns 1 where an address cannot be had, 2 where an option makes no sense. */
    @Override
    public Integer call() throws InterruptedException {
        if (!names.isEmpty() && names.size() != ports.size()) {
            err.println("--name: " + names.size() + " names for " + ports.size() + " ports (expected: one for each)");
            return 2;
        }
        try {
            List<SandboxOptions> all = new ArrayList<>();
            for (int n = 0; n < ports.size(); n++) {
                all.add(options(ports.get(n), n));
            }
            return run(all);
        } catch (IllegalArgumentException nonsense) {
            err.println(nonsense.getMessage());
            return 2;
        }
    }

    private SandboxOptions options(int port, int number) {
        String unnamed =
                "sandbox-" + (port != 0 ? port : ProcessHandle.current().pid());
        String called = names.isEmpty() ? unnamed : names.get(number);
        SandboxOptions options = SandboxOptions.of(host, port, called)
                .withSessionHeader(sessionHeader)
                .withMaxSessions(maxSessions);
        return log.map(folder -> options.withLog(folder.resolve(called + ".log")))
                .orElse(options);
    }

    private int run(List<SandboxOptions> all) throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        List<DemoSandbox> started = new ArrayList<>();
        for (SandboxOptions options : all) {
            try {
                DemoSandbox sandbox = DemoSandbox.start(vertx, options).await();
                started.add(sandbox);
                out.println("sandbox " + sandbox.name() + " listens on " + sandbox.url());
            } catch (Exception refused) { // await throws what the listener failed with, checked or not
                err.println("sandbox " + options.name() + " cannot listen on " + host + ":" + options.port() + ": "
                        + refused.getMessage());
                vertx.close().await();
                return 1;
            }
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started), "stop"));
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Closes them, for the sake of their logs, and exits with 0, where the JVM would exit 143 on SIGTERM. */
    private static void end(List<DemoSandbox> started) {
        try {
            Future.all(started.stream().map(DemoSandbox::close).toList()).await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception slow) { // of whatever kind: this is the end
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }
}
