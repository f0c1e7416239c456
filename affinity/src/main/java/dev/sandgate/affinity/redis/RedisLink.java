package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to Redis, replaced when it breaks or answers no more, until {@link #close}. Any thread may
 * ask; all else, answers included, happens on the event loop on which it was made. Commands are sent in the order in
 * which they were asked for from one thread. Nothing is sent twice, but for a script that Redis had forgotten and hence
 * did not run.
 */
public final class RedisLink {

    /** Time-outs in a row after which the connection itself is given up. */
    private static final int PATIENCE = 3;
    /** Commands on their way at most. */
    private static final int MOST = 2_048;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final Context context;
    private final Vertx vertx;
    private final LinkPlan plan;
    private final String where;
    private Future<RedisConnection> connection;
    private @Nullable Redis client;
    private boolean closed;
    private int failures;
    private int timeouts;
    private long pause = -1;

    /** Begins to connect at once; commands wait for it within their own time. */
    public RedisLink(Vertx vertx, LinkPlan plan) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.plan = plan;
        this.where = plan.where();
        Promise<RedisConnection> first = Promise.promise();
        this.connection = first.future();
        context.runOnContext(start -> connect().onComplete(first));
    }

    /** Runs a script; its answer, or a {@link TableFault}. */
    Future<Response> run(Script script, List<String> keys, List<String> args) {
        return ask(
                () -> script(Command.EVALSHA, script.sha1(), keys, args),
                () -> script(Command.EVAL, script.text(), keys, args));
    }

    /** Sends one command; its answer (null where Redis says nil), or a {@link TableFault}. */
    Future<@Nullable Response> send(Supplier<Request> command) {
        return ask(command, command);
    }

    /** Closes the connection and makes no other. What is on its way fails. Twice does nothing. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(turn -> {
            closed = true;
            vertx.cancelTimer(pause);
            drop().onComplete(any -> done.complete());
        });
        return done.future();
    }

    private Future<Response> ask(Supplier<Request> command, Supplier<Request> again) {
        Promise<Response> answer = Promise.promise();
        context.runOnContext(turn -> exchange(command, again).onComplete(answer));
        return answer.future();
    }

    private Future<Response> exchange(Supplier<Request> command, Supplier<Request> again) {
        if (closed) {
            return Future.failedFuture(new TableFault(Reason.CLOSED, "the link to " + where + " was closed"));
        }
        Future<RedisConnection> asked = connection;
        return asked.compose(open -> dispatch(open, command.get())
                        .recover(error -> TableFault.scriptIsMissing(error)
                                ? dispatch(open, again.get())
                                : Future.failedFuture(error)))
                .timeout(plan.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(any -> timeouts = 0)
                .recover(error -> Future.failedFuture(judge(asked, error)));
    }

    private static Future<Response> dispatch(RedisConnection open, Request request) {
        if (open.pendingQueueFull()) {
            return Future.failedFuture(new TableFault(Reason.OVERLOADED, MOST + " commands are on their way"));
        }
        return open.send(request);
    }

    /** What a failure means, and what it means for the connection. */
    private TableFault judge(Future<RedisConnection> asked, Throwable error) {
        if (error instanceof TableFault fault) {
            return fault;
        }
        boolean current = asked == connection && asked.succeeded();
        if (error instanceof TimeoutException) {
            if (current && ++timeouts >= PATIENCE) {
                replace("it does not answer");
            }
            return new TableFault(Reason.TIMEOUT, where + " did not answer in " + plan.commandTimeout());
        }
        TableFault fault = fault(error);
        if (current && fault.reason() == Reason.READ_ONLY) {
            // Somebody else may be master by now.
            replace("it is read-only");
        } else if (current && fault.reason() == Reason.UNREACHABLE) {
            // The end of a connection is not always told by its handler.
            replace("the connection broke");
        }
        return fault;
    }

    private TableFault fault(@Nullable Throwable error) {
        String text = error == null ? "" : String.valueOf(error.getMessage());
        return error instanceof Response
                ? TableFault.of(text)
                : new TableFault(Reason.UNREACHABLE, where + ": " + text);
    }

    private Future<RedisConnection> connect() {
        Redis made = Redis.createClient(vertx, options());
        client = made;
        Promise<RedisConnection> promise = Promise.promise();
        made.connect()
                .timeout(plan.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(
                        done -> context.runOnContext(turn -> connected(made, done.result(), done.cause(), promise)));
        connection = promise.future();
        return connection;
    }

    private void connected(
            Redis made, @Nullable RedisConnection open, @Nullable Throwable error, Promise<RedisConnection> promise) {
        if (closed || made != client) {
            made.close();
            promise.fail(new TableFault(Reason.CLOSED, "the link to " + where + " was closed"));
        } else if (open == null) {
            TableFault fault = fault(error);
            if (failures == 0) {
                LOG.warn("no table: {}", fault.getMessage());
            }
            promise.fail(fault);
            later();
        } else {
            open.exceptionHandler(broken -> LOG.debug("the connection to {} broke", where, broken));
            open.endHandler(end -> context.runOnContext(turn -> {
                if (made == client) {
                    replace("it closed the connection");
                }
            }));
            LOG.info("connected to the table at {}", where);
            failures = 0;
            timeouts = 0;
            promise.complete(open);
        }
    }

    private void replace(String why) {
        if (closed) {
            return;
        }
        LOG.warn("the table at {} is away: {}", where, why);
        later();
    }

    /** Gives the connection up and tries again after a pause, not at the same moment as every other node. */
    private void later() {
        drop();
        failures++;
        connection = Future.failedFuture(new TableFault(Reason.UNREACHABLE, "no connection to " + where + " now"));
        vertx.cancelTimer(pause);
        pause = vertx.setTimer(pauseMillis(plan, failures), ring -> {
            if (!closed) {
                connect();
            }
        });
    }

    static long pauseMillis(LinkPlan plan, int failures) {
        Duration doubled = plan.firstPause().multipliedBy(1L << Math.min(failures - 1, 20));
        long most = Math.min(doubled.toMillis(), plan.longestPause().toMillis());
        return 1 + most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }

    /** The client's own close of a connection would only put it back into its pool. */
    private Future<Void> drop() {
        Redis old = client;
        client = null;
        return old == null ? Future.succeededFuture() : old.close();
    }

    private RedisOptions options() {
        return new RedisOptions()
                .setConnectionString(plan.url())
                .setProtocolNegotiation(false)
                .setMaxPoolSize(1)
                .setMaxWaitingHandlers(MOST);
    }

    private static Request script(Command command, String what, List<String> keys, List<String> args) {
        Request request = Request.cmd(command).arg(what).arg(keys.size());
        keys.forEach(request::arg);
        args.forEach(request::arg);
        return request;
    }
}
