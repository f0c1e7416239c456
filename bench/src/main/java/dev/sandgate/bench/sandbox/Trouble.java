package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * What ails a sandbox, because it was told so: some of all requests fail before they are heard, or each is heard late.
 * Its health and its ailments are told as ever. On the sandbox's event loop.
 */
final class Trouble {

    static final String PATH = "/trouble";

    private static final Set<String> SPARED = Set.of(PATH, "/healthz");
    private static final int ALL = 100;
    private static final long LONGEST_WAIT = 60_000;

    private final Vertx vertx;
    private int failures;
    private long head;
    private int due;

    /** Without any. */
    Trouble(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * From here on {@code failures=} percent fail with 500, evenly, and the others wait {@code head=} milliseconds. What is
     * not said is 0.
     */
    void begin(Visit visit) {
        long percent = visit.number("failures", 0, ALL);
        long millis = visit.number("head", 0, LONGEST_WAIT);
        failures = (int) percent;
        head = millis;
        due = 0;
        visit.json(new JsonObject()
                .put("instance", visit.instance())
                .put("failures", failures)
                .put("head", head));
    }

    /**
     * Lets a request be heard, now or later, or never where its client leaves before.
     *
     * @throws Refused where it fails
     */
    void befall(HttpServerRequest request, String path, Runnable heard) {
        if (SPARED.contains(path)) {
            heard.run();
            return;
        }
        due += failures;
        if (due >= ALL) {
            due -= ALL;
            throw new Refused(500, "it fails, as it was told to");
        }
        if (head == 0) {
            heard.run();
            return;
        }
        request.pause();
        vertx.setTimer(head, late -> {
            if (!request.response().closed()) {
                heard.run();
                request.resume();
            }
        });
    }
}
