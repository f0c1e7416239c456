package dev.sandgate.proxy.cli;

import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.proxy.Door;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One door from its opening to SIGTERM, told in lines on standard error. */
final class OpenDoor {

    /** How long the door may take beyond its own deadline before it is left as it is. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** {@code bind(..) failed with error(-98): }. */
    private static final Pattern SYSTEM_CALL = Pattern.compile("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private final PrintWriter err;

    OpenDoor(PrintWriter err) {
        this.err = err;
    }

    /** Runs until a signal ends the process with 0; returns 1 where a listener cannot be opened. */
    int run(SandgateConfig config) throws InterruptedException {
        Door door = Door.of(config);
        // from now on: instances may be started before the door is open
        Thread stop = new Thread(() -> stop(door, config), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            door.open().await();
        } catch (Exception refused) { // await throws what the door failed with, checked or not
            if (isStillToRun(stop)) {
                err.println("sandgate: cannot open: " + reason(refused));
                return 1;
            }
        }
        if (!stop.isAlive()) {
            tell(door, config);
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /** Whether nobody asked this process to end yet; then ending it needs no hook any more. */
    private static boolean isStillToRun(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private void tell(Door door, SandgateConfig config) {
        for (ListenerConfig listener : config.listeners().values()) {
            err.println("sandgate: " + listener.name() + " listens on " + url(listener, door));
        }
        config.admin()
                .ifPresent(admin ->
                        err.println("sandgate: admin listens on " + url("http", admin.host(), door.adminPort())));
        err.println("sandgate: open, transport " + door.transport());
        config.listeners().values().stream()
                .findFirst()
                .map(first -> url(first, door))
                .ifPresent(url -> config.hints().forEach(hint -> err.println(hint.replace("{url}", url))));
    }

    private void stop(Door door, SandgateConfig config) {
        Duration deadline = config.shutdownTimeout();
        Duration ends = Door.longestStop(config).orElse(Duration.ZERO);
        err.println("sandgate: closing, requests under way have " + deadline.toSeconds() + " s");
        try {
            door.close().await(deadline.plus(ends).plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            err.println("sandgate: closed");
        } catch (Exception late) {
            err.println("sandgate: not closed in time: " + reason(late));
        }
        // the JVM would exit 143 on SIGTERM
        Runtime.getRuntime().halt(0);
    }

    private static String url(ListenerConfig listener, Door door) {
        String scheme = listener.tls().isPresent() ? "https" : "http";
        return url(scheme, listener.host(), door.port(listener.name()));
    }

    private static String url(String scheme, String host, int port) {
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The messages of a failure and its causes in one line, each said once, without the system call's own words. */
    private static String reason(Throwable failure) {
        StringBuilder said = new StringBuilder();
        int depth = 0;
        for (@Nullable Throwable cause = failure; cause != null && depth < 5; cause = cause.getCause(), depth++) {
            String message = cause.getMessage();
            String words = message == null
                    ? cause.getClass().getSimpleName()
                    : SYSTEM_CALL.matcher(message).replaceAll("");
            if (said.indexOf(words) < 0) {
                said.append(said.isEmpty() ? "" : ": ").append(words);
            }
        }
        return said.toString();
    }
}
