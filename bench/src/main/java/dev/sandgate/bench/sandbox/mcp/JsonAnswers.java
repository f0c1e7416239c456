package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The answers to one POST as one JSON body, sent when the last is there. What else is said is lost. */
final class JsonAnswers implements Outlet {

    private final HttpServerResponse response;
    private final boolean batch;
    private final int expected;
    private final JsonArray answers = new JsonArray();

    JsonAnswers(HttpServerResponse response, boolean batch, int expected) {
        this.response = response;
        this.batch = batch;
        this.expected = expected;
    }

    @Override
    public void say(JsonObject message) {
        // only a stream has room for it
    }

    @Override
    public void answer(JsonObject message) {
        answers.add(message);
        if (answers.size() == expected && !response.closed()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(batch ? answers.toBuffer() : message.toBuffer());
        }
    }
}
