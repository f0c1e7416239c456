package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to servers and sentinels: TLS, user, database, and what they tell of themselves. On the caller's event loop. */
final class Dialer {

    /** Commands on their way at most, on one connection. */
    static final int MOST = 2_048;

    /** {@code finishConnect(..) failed with error(-111): }. */
    private static final Pattern SYSTEM_CALL = Pattern.compile("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

    private final Vertx vertx;
    private final TableConfig.Redis config;

    /**
     * A connection that was greeted.
     *
     * @param client whose only connection it is; closing the connection itself would only put it back there
     */
    record Line(Server server, Redis client, RedisConnection connection, Greeting greeting) {}

    Dialer(Vertx vertx, TableConfig.Redis config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** A connection to a master, or a {@link TableFault}. */
    Future<Line> dial(Server server) {
        Redis client = client(server);
        Future<Line> greeted = client.connect().compose(open -> login(quiet(open))
                .compose(in -> select(open))
                .compose(selected -> open.send(Request.cmd(Command.INFO)))
                .map(info -> new Line(server, client, open, Greeting.read(info.toString()))));
        return within(server, greeted).onFailure(failure -> client.close());
    }

    /** One answer of a server or a sentinel, over a connection of its own; or a {@link TableFault}. */
    <T> Future<T> ask(Server server, Request request, Function<@Nullable Response, T> reading) {
        Redis client = client(server);
        Future<@Nullable Response> answer = client.connect().compose(open -> quiet(open)
                .send(request)
                // A sentinel has a password only where it was given one, and refuses one that it does not know.
                .recover(error -> TableFault.wantsPassword(error)
                        ? login(open).compose(in -> open.send(request))
                        : Future.failedFuture(error)));
        return within(server, answer.map(reading)).onComplete(done -> client.close());
    }

    /** A connection that breaks fails what is on its way; the client would log it as an error besides. */
    private static RedisConnection quiet(RedisConnection open) {
        return open.exceptionHandler(broken -> LOG.debug("a connection broke", broken));
    }

    private <T> Future<T> within(Server server, Future<T> work) {
        return work.timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(error -> Future.failedFuture(fault(server, error)));
    }

    private TableFault fault(Server server, Throwable error) {
        if (error instanceof TableFault fault) {
            return fault.at(server);
        }
        if (error instanceof TimeoutException) {
            return new TableFault(
                    Reason.UNREACHABLE,
                    server + " did not greet in " + config.connectTimeout().toMillis() + " ms");
        }
        String text = SYSTEM_CALL.matcher(String.valueOf(error.getMessage())).replaceAll("");
        return error instanceof Response
                ? TableFault.of(text).at(server)
                : new TableFault(Reason.UNREACHABLE, server + ": " + text);
    }

    private Future<Void> login(RedisConnection open) {
        if (config.password().isEmpty()) {
            return Future.succeededFuture();
        }
        Request request = Request.cmd(Command.AUTH);
        config.user().ifPresent(request::arg);
        return open.send(request.arg(config.password().get())).mapEmpty();
    }

    private Future<Void> select(RedisConnection open) {
        return config.database() == 0
                ? Future.succeededFuture()
                : open.send(Request.cmd(Command.SELECT).arg(config.database())).mapEmpty();
    }

    private Redis client(Server server) {
        RedisOptions options = new RedisOptions()
                .setConnectionString((config.tls() ? "rediss://" : "redis://") + server)
                .setProtocolNegotiation(false)
                .setMaxPoolSize(1)
                .setMaxWaitingHandlers(MOST);
        NetClientOptions net = options.getNetClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis());
        if (config.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            config.trust().ifPresent(file -> net.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        }
        return Redis.createClient(vertx, options);
    }
}
