package dev.sandgate.proxy.pool;

import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.proxy.process.Child;
import dev.sandgate.proxy.process.Children;
import dev.sandgate.proxy.process.Launch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One instance on its way: started on a free port, on another where the child finds that taken, until it is ready or
 * has failed. All on the context of its source.
 */
final class InstanceStart {

    /** A child that is ready, and where. */
    record Started(Child child, int port) {}

    /** It will not be ready; the message says why. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        Failed(String why) {
            super(why, null, false, false);
        }
    }

    /** How often a start is tried on another port before it has failed. */
    private static final int MOST_PORTS = 3;

    private static final String CANCELLED = "it was not needed any more";

    private final String id;
    private final InstancesConfig.Processes config;
    private final Children children;
    private final ReadyCheck check;
    private final Context context;
    private final Promise<Started> promise = Promise.promise();
    private int ports;
    private long timer = -1;
    private boolean cancelled;
    private @Nullable Child current;

    InstanceStart(String id, InstancesConfig.Processes config, Children children, ReadyCheck check, Context context) {
        this.id = id;
        this.config = config;
        this.children = children;
        this.check = check;
        this.context = context;
    }

    /** Begins; the Future completes on the context, or fails with {@link Failed} when nothing is left of the child. */
    Future<Started> begin() {
        attempt();
        return promise.future();
    }

    /** Nobody needs it any more: it fails, once nothing is left of it. */
    void cancel() {
        cancelled = true;
        if (current != null) {
            fail(CANCELLED);
        }
    }

    private void attempt() {
        ports++;
        children.freePort()
                .compose(port -> children.start(launch(port)).map(child -> new Started(child, port)))
                .onComplete(begun -> context.runOnContext(turn -> {
                    if (begun.failed()) {
                        fail(String.valueOf(begun.cause().getMessage()));
                    } else {
                        watch(begun.result());
                    }
                }));
    }

    private Launch launch(int port) {
        Map<String, String> blanks = Map.of("port", Integer.toString(port), "instance", id);
        Map<String, String> env = new HashMap<>();
        config.env().forEach((name, value) -> env.put(name, value.fill(blanks)));
        env.put("PORT", Integer.toString(port));
        List<String> arguments = config.command().arguments().stream()
                .map(argument -> argument.fill(blanks))
                .toList();
        return new Launch(id, config.command().program(), arguments, env, config.cwd(), port);
    }

    private void watch(Started begun) {
        Child child = begun.child();
        if (cancelled) {
            discard(child, CANCELLED);
            return;
        }
        current = child;
        timer = context.owner()
                .setTimer(
                        config.startTimeout().toMillis(),
                        late -> context.runOnContext(turn -> {
                            if (current == child) {
                                fail("it was not ready within "
                                        + config.startTimeout().toMillis() + " ms");
                            }
                        }));
        child.exited(context).onSuccess(code -> ended(begun, code));
        check.ready(begun.port(), () -> current != child)
                .onSuccess(answered -> context.runOnContext(turn -> ready(begun)))
                .onFailure(never -> context.runOnContext(turn -> {
                    if (current == child) {
                        fail(never.getMessage());
                    }
                }));
    }

    private void ready(Started begun) {
        if (current != begun.child()) {
            return;
        }
        forgetTimer();
        current = null;
        children.settled(begun.child())
                .onComplete(written -> context.runOnContext(turn -> {
                    if (written.failed()) {
                        discard(begun.child(), written.cause().getMessage());
                    } else if (cancelled) {
                        discard(begun.child(), CANCELLED);
                    } else {
                        promise.tryComplete(begun);
                    }
                }));
    }

    /** Before it was ready: perhaps somebody else was quicker to take its port. */
    private void ended(Started begun, int code) {
        if (current != begun.child()) {
            return;
        }
        forgetTimer();
        current = null;
        children.end(begun.child(), Duration.ZERO)
                .compose(left -> children.isTaken(begun.port()))
                .onComplete(taken -> context.runOnContext(turn -> {
                    boolean another = taken.succeeded() && taken.result() && ports < MOST_PORTS;
                    if (another && !cancelled) {
                        attempt();
                    } else {
                        promise.tryFail(new Failed("it ended with exit code " + code + " before it was ready"));
                    }
                }));
    }

    private void fail(@Nullable String why) {
        Child child = current;
        current = null;
        forgetTimer();
        if (child == null) {
            promise.tryFail(new Failed(String.valueOf(why)));
        } else {
            discard(child, why);
        }
    }

    private void discard(Child child, @Nullable String why) {
        children.end(child, config.stopTimeout())
                .onComplete(left -> context.runOnContext(turn -> promise.tryFail(new Failed(String.valueOf(why)))));
    }

    private void forgetTimer() {
        context.owner().cancelTimer(timer);
    }
}
