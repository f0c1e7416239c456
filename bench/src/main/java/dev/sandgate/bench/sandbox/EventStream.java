package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** One client's stream of server-sent events. Ends after the last event, or when the client leaves. */
final class EventStream {

    private final Vertx vertx;
    private final Visit visit;
    private final long total;
    private long sent;

    /** @param total how many events; 0: without end */
    EventStream(Vertx vertx, Visit visit, long total) {
        this.vertx = vertx;
        this.visit = visit;
        this.total = total;
    }

    void start(long everyMillis) {
        if (send()) {
            vertx.setPeriodic(everyMillis, timer -> {
                if (!send()) {
                    vertx.cancelTimer(timer);
                }
            });
        }
    }

    /** Sends the next event; false: there is no further one. */
    private boolean send() {
        HttpServerResponse response = visit.response();
        if (response.closed()) {
            return false;
        }
        if (response.writeQueueFull()) {
            return true; // a slow reader gets its events later, and no event is held for it
        }
        sent++;
        JsonObject data = visit.who().put("n", sent);
        response.write("id: " + sent + "\ndata: " + data.encode() + "\n\n");
        if (sent == total) {
            response.end();
            return false;
        }
        return true;
    }
}
