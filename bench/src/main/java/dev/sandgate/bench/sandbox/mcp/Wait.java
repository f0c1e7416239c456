package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** Answers that come late because the request asks for it: {@code ?wait=} milliseconds, a minute at most. */
final class Wait {

    private static final long LONGEST = 60_000;

    private Wait() {}

    /** Does this at once where the request asks for no wait. */
    static void then(Vertx vertx, HttpServerRequest request, Runnable step) {
        long millis = millis(request.getParam("wait"));
        if (millis == 0) {
            step.run();
        } else {
            vertx.setTimer(millis, fired -> step.run());
        }
    }

    private static long millis(String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Math.max(0, Math.min(LONGEST, Long.parseLong(text)));
        } catch (NumberFormatException notANumber) {
            throw Declined.badRequest("wait: " + text + " (expected: milliseconds)");
        }
    }
}
