package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import io.vertx.core.json.JsonObject;

/**
 * A refusal as its client read it, whole and as problem details.
 *
 * @param reason the machine-readable one
 * @param retryAfter whether it says when to come again
 */
record Told(int status, String reason, boolean retryAfter) {

    static Told once(int status, String reason) {
        return new Told(status, reason, false);
    }

    static Told later(int status, String reason) {
        return new Told(status, reason, true);
    }

    static Told by(Answer answer) {
        assertThat(answer.whole()).as("whole: " + answer).isTrue();
        return of(answer.status(), answer.fields(), answer.body());
    }

    static Told by(Http2Stream answer) {
        assertThat(answer.ended()).as("whole: " + answer).isTrue();
        return of(answer.status().orElse(0), answer.fields(), answer.data());
    }

    private static Told of(int status, Fields fields, String body) {
        assertThat(fields.first("content-type")).as(status + " " + body).contains("application/problem+json");
        JsonObject problem = new JsonObject(body);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        return new Told(status, problem.getString("reason"), fields.has("retry-after"));
    }
}
