package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/** Answers that take their time: event streams, late heads, slow bodies. */
final class TimedEndpoints {

    private static final long LONGEST_WAIT = TimeUnit.HOURS.toMillis(1);

    private final Vertx vertx;

    TimedEndpoints(Vertx vertx) {
        this.vertx = vertx;
    }

    /** {@code ?n=} events, one {@code every=} milliseconds, the first at once; {@code n=0}: until the client leaves. */
    void events(Visit visit) {
        long total = visit.number("n", 10, Long.MAX_VALUE);
        long every = Math.max(1, visit.number("every", 1000, LONGEST_WAIT));
        visit.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .setChunked(true);
        if (visit.headOnly()) {
            visit.response().end();
        } else {
            new EventStream(vertx, visit, total).start(every);
        }
    }

    /**
     * Waits {@code head=} milliseconds, sends the head and the first of {@code pieces=} pieces (2 unless said
     * otherwise), then waits {@code body=} milliseconds before each further one.
     */
    void slow(Visit visit) {
        long head = visit.number("head", 0, LONGEST_WAIT);
        long body = visit.number("body", 0, LONGEST_WAIT);
        long pieces = visit.number("pieces", 2, 1_000_000);
        after(head, visit.response(), () -> {
            visit.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                    .setChunked(true)
                    .writeHead();
            piece(visit, 1, pieces, body);
        });
    }

    private void piece(Visit visit, long number, long pieces, long waitMillis) {
        HttpServerResponse response = visit.response();
        if (number > pieces) {
            response.end();
            return;
        }
        response.write("piece " + number + " of " + pieces + " from " + visit.instance() + "\n");
        long wait = number == pieces ? 0 : waitMillis;
        after(wait, response, () -> piece(visit, number + 1, pieces, waitMillis));
    }

    private void after(long millis, HttpServerResponse response, Runnable step) {
        Runnable unlessGone = () -> {
            if (!response.closed()) {
                step.run();
            }
        };
        if (millis == 0) {
            vertx.runOnContext(next -> unlessGone.run());
        } else {
            vertx.setTimer(millis, fired -> unlessGone.run());
        }
    }
}
