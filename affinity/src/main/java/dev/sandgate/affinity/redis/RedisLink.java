package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.Dialer.Line;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to Redis, replaced when it breaks, answers no more or is not the one to ask, until
 * {@link #close}. Any thread may ask; all else, answers included, happens on its event loop. Commands are sent in the
 * order in which they were asked for from one thread. Nothing is sent twice, but for a script that Redis had forgotten
 * and hence did not run.
 */
final class RedisLink implements Link {

    /** Time-outs in a row after which the connection itself is given up. */
    private static final int PATIENCE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final Context context;
    private final Vertx vertx;
    private final LinkPlan plan;
    private final Trail trail;
    private final LinkWatch watch;
    private final Dialer dialer;
    private Future<Line> connection;
    private @Nullable Line line;
    private @Nullable Reason told;
    /** The attempt that is or was the last. */
    private Future<Line> attempt = Future.failedFuture("none so far");

    private boolean closed;
    private int failures;
    private int timeouts;
    private long pause = -1;

    /**
     * Begins to connect at once; commands wait for it within their own time.
     *
     * @param context of an event loop, that no verticle's end closes
     */
    RedisLink(Context context, LinkPlan plan, Trail trail, LinkWatch watch) {
        this.context = context;
        this.vertx = context.owner();
        this.plan = plan;
        this.trail = trail;
        this.watch = watch;
        this.dialer = new Dialer(vertx, plan.config());
        Promise<Line> first = Promise.promise();
        this.connection = first.future();
        context.runOnContext(start -> connect(first));
    }

    @Override
    public Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args) {
        return ask(open -> {
            List<String> told = args.apply(open.greeting());
            return dispatch(open, request(Command.EVALSHA, script.sha1(), keys, told))
                    .recover(error -> TableFault.scriptIsMissing(error)
                            ? dispatch(open, request(Command.EVAL, script.text(), keys, told))
                            : Future.failedFuture(error));
        });
    }

    /** Sends one command; its answer (null where Redis says nil), or a {@link TableFault}. */
    Future<@Nullable Response> send(Supplier<Request> command) {
        return ask(open -> dispatch(open, command.get()));
    }

    /** Looks for its server again, where that is another than this one. */
    void follow(Server server) {
        context.runOnContext(turn -> {
            if (line != null && !line.server().equals(server)) {
                replace("the master is " + server);
            }
        });
    }

    /** Closes the connection and makes no other. What is on its way fails. Twice does nothing. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(turn -> {
            closed = true;
            vertx.cancelTimer(pause);
            // A connection that is being made is closed once it is there.
            Future.join(drop(), attempt).onComplete(any -> done.complete());
        });
        return done.future();
    }

    private Future<Response> ask(Function<Line, Future<Response>> work) {
        Promise<Response> answer = Promise.promise();
        context.runOnContext(turn -> exchange(work).onComplete(answer));
        return answer.future();
    }

    private Future<Response> exchange(Function<Line, Future<Response>> work) {
        if (closed) {
            return Future.failedFuture(wasClosed());
        }
        Future<Line> asked = connection;
        return asked.compose(open -> made(work, open))
                .timeout(plan.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(any -> timeouts = 0)
                .recover(error -> Future.failedFuture(judge(asked, error)));
    }

    private static Future<Response> made(Function<Line, Future<Response>> work, Line open) {
        try {
            return work.apply(open);
        } catch (RuntimeException bug) {
            LOG.error("what was to be asked of the table could not be said", bug);
            return Future.failedFuture(new TableFault(
                    Reason.BUG, "nothing was sent: " + bug.getClass().getName()));
        }
    }

    private static Future<Response> dispatch(Line open, Request request) {
        if (open.connection().pendingQueueFull()) {
            return Future.failedFuture(new TableFault(Reason.OVERLOADED, Dialer.MOST + " commands are on their way"));
        }
        return open.connection().send(request);
    }

    /** What a failure means, and what it means for the connection. */
    private TableFault judge(Future<Line> asked, Throwable error) {
        if (error instanceof TableFault fault) {
            return fault;
        }
        boolean current = asked == connection && asked.succeeded();
        if (error instanceof TimeoutException) {
            if (current && ++timeouts >= PATIENCE) {
                replace("it does not answer");
            }
            return new TableFault(
                    Reason.TIMEOUT, "no answer in " + plan.commandTimeout().toMillis() + " ms");
        }
        TableFault fault = fault(error);
        if (fault.elsewhere() && trail.doubt() && current) {
            replace("it is not the one to ask: " + fault.getMessage());
        } else if (current && fault.reason() == Reason.UNREACHABLE) {
            // The end of a connection is not always told by its handler.
            replace("the connection broke");
        }
        return fault;
    }

    private static TableFault fault(Throwable error) {
        String text = String.valueOf(error.getMessage());
        return error instanceof Response ? TableFault.of(text) : new TableFault(Reason.UNREACHABLE, text);
    }

    private void connect(Promise<Line> promise) {
        connection = promise.future();
        attempt = connection;
        // The trail may end on any thread; a connection belongs to the loop on which it is asked for.
        trail.find()
                .onComplete(found -> context.runOnContext(turn -> {
                    Future<Line> dialled =
                            found.succeeded() ? dialer.dial(found.result()) : Future.failedFuture(found.cause());
                    dialled.onComplete(done -> connected(done.result(), done.cause(), promise));
                }));
    }

    private void connected(@Nullable Line open, @Nullable Throwable error, Promise<Line> promise) {
        if (closed) {
            Future<Void> left =
                    open == null ? Future.succeededFuture() : open.client().close();
            left.onComplete(any -> promise.fail(wasClosed()));
        } else if (open == null) {
            TableFault fault = error instanceof TableFault known ? known : fault(new IllegalStateException(error));
            if (told != fault.reason()) {
                told = fault.reason();
                LOG.warn("no table: {}", fault.getMessage());
            }
            promise.fail(fault);
            trail.doubt();
            later(fault);
        } else {
            stand(open);
            promise.complete(open);
        }
    }

    private void stand(Line open) {
        open.connection()
                .endHandler(end -> context.runOnContext(turn -> {
                    if (line != null && open.client() == line.client()) {
                        trail.doubt();
                        replace("it closed the connection");
                    }
                }));
        LOG.info("connected to the table at {}", open.server());
        line = open;
        told = null;
        failures = 0;
        timeouts = 0;
        watch.up(open.server(), open.greeting());
    }

    private void replace(String why) {
        if (closed || line == null) {
            return;
        }
        LOG.warn("the table at {} is away: {}", line.server(), why);
        later(new TableFault(Reason.UNREACHABLE, "no connection to " + line.server() + " now"));
    }

    /** Gives the connection up and tries again after a pause. */
    private void later(TableFault meanwhile) {
        drop();
        failures++;
        connection = Future.failedFuture(meanwhile);
        vertx.cancelTimer(pause);
        pause = vertx.setTimer(plan.pauseMillis(failures), ring -> again());
    }

    private void again() {
        if (closed) {
            return;
        }
        long wait = watch.pace().take();
        if (wait > 0) {
            pause = vertx.setTimer(wait, ring -> again());
        } else {
            connect(Promise.promise());
        }
    }

    private Future<Void> drop() {
        Line old = line;
        if (old == null) {
            return Future.succeededFuture();
        }
        line = null;
        watch.down();
        return old.client().close();
    }

    private static TableFault wasClosed() {
        return new TableFault(Reason.CLOSED, "the link was closed");
    }

    private static Request request(Command command, String what, List<String> keys, List<String> args) {
        Request request = Request.cmd(command).arg(what).arg(keys.size());
        keys.forEach(request::arg);
        args.forEach(request::arg);
        return request;
    }
}
