package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what all nodes did, on a connection of its own, again and again until {@link #close}. What a broken connection
 * missed is read when there is another; what Redis has forgotten by then is noticed as missing.
 */
final class News {

    private static final Logger LOG = LoggerFactory.getLogger(RedisTable.class);
    private static final int MOST = 1_000;
    private static final long PAUSE = 100;

    /** How a command is sent. */
    @FunctionalInterface
    interface Sender {

        /** Its answer (null where Redis says nil), or a {@link TableFault}. */
        Future<@Nullable Response> send(Supplier<Request> command);
    }

    private final Sender sender;
    private final long wait;
    private final Map<String, RedisPool> byLog = new LinkedHashMap<>();
    private volatile boolean closed;

    /** What was asked of one pool. */
    private record Question(RedisPool pool, Moment from, Moment told) {}

    /**
     * Of pools that one connection may read at once.
     *
     * @param wait how long one question waits for news, in ms; zero: not at all
     */
    News(Sender sender, long wait, List<RedisPool> pools) {
        this.sender = sender;
        this.wait = wait;
        pools.forEach(pool -> byLog.put(pool.keys.log(), pool));
    }

    /** Asks again and again. */
    void start(Vertx vertx) {
        if (closed) {
            return;
        }
        ask().onComplete(told -> {
            if (told.succeeded() && told.result()) {
                start(vertx);
                return;
            }
            if (told.failed()) {
                LOG.debug("no news", told.cause());
            }
            vertx.setTimer(PAUSE, due -> start(vertx));
        });
    }

    /** Asks no more. */
    void close() {
        closed = true;
    }

    /** Asks once; whether there was anything to ask: before the first word of the table there is not. */
    Future<Boolean> ask() {
        List<Question> questions = new ArrayList<>();
        for (RedisPool pool : byLog.values()) {
            pool.history(history -> questions.add(new Question(pool, history.read(), history.told())));
        }
        questions.removeIf(question -> question.told().equals(Moment.NEVER));
        if (questions.isEmpty()) {
            return Future.succeededFuture(false);
        }
        long askedAt = questions.get(0).pool().clock.getAsLong();
        return sender.send(() -> request(questions)).map(told -> {
            take(questions, told, askedAt);
            return true;
        });
    }

    private Request request(List<Question> questions) {
        Request request = Request.cmd(Command.XREAD).arg("COUNT").arg(MOST);
        if (wait > 0) {
            request.arg("BLOCK").arg(wait);
        }
        request.arg("STREAMS");
        questions.forEach(question -> request.arg(question.pool().keys.log()));
        questions.forEach(question -> request.arg(question.from().toString()));
        return request;
    }

    private void take(List<Question> questions, @Nullable Response told, long askedAt) {
        Map<String, Integer> read = new LinkedHashMap<>();
        if (told != null) {
            for (Response stream : told) {
                String log = stream.get(0).toString();
                RedisPool pool = byLog.get(log);
                if (pool != null) {
                    stream.get(1).forEach(entry -> pool.news(entry.get(0).toString(), fields(entry.get(1))));
                    read.put(log, stream.get(1).size());
                }
            }
        }
        for (Question question : questions) {
            if (read.getOrDefault(question.pool().keys.log(), 0) < MOST) {
                question.pool().upToDate(askedAt, question.told());
            }
        }
    }

    private static List<String> fields(Response entry) {
        List<String> fields = new ArrayList<>(entry.size());
        entry.forEach(field -> fields.add(field.toString()));
        return fields;
    }
}
