package dev.sandgate.bench.load;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sandgate.bench.truth.Sight;
import dev.sandgate.bench.wire.Answer;
import java.util.Optional;

/**
 * What came of one request of a session.
 *
 * @param sight whom the answer comes from; empty: it does not say, or there is none
 * @param failure empty: it succeeded; else the problem's reason, or what else went wrong
 * @param lost the door says that it does not know the session, or not any more
 * @param half what is not whole was passed off as whole
 * @param heard whether the sandbox may have heard the request
 */
record Said(Optional<Sight> sight, String failure, boolean lost, boolean half, boolean heard) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    static Said well() {
        return new Said(Optional.empty(), "", false, false, true);
    }

    static Said seen(Sight sight) {
        return new Said(Optional.of(sight), "", false, false, true);
    }

    static Said failed(String why) {
        return new Said(Optional.empty(), why, false, false, true);
    }

    static Said halfOf(String body) {
        return new Said(Optional.empty(), "half-body: " + shortened(body), false, true, true);
    }

    boolean succeeded() {
        return failure.isEmpty();
    }

    /** What an answer that is no success, or not whole, says. */
    static Said refusal(Answer answer) {
        if (answer.cut().isPresent()) {
            return failed(answer.cut().get().told());
        }
        String reason = reason(answer.body());
        boolean lost = answer.status() == NOT_FOUND || answer.status() == GONE || reason.startsWith("session-lost");
        return new Said(Optional.empty(), reason.isEmpty() ? "status-" + answer.status() : reason, lost, false, false);
    }

    static boolean success(Answer answer) {
        return answer.cut().isEmpty() && answer.status() >= 200 && answer.status() < 300;
    }

    /** A success that has to say whom it comes from. */
    static Said sighted(Answer answer) {
        if (!success(answer)) {
            return refusal(answer);
        }
        return Sight.of(answer.body()).map(Said::seen).orElseGet(() -> halfOf(answer.body()));
    }

    /** The machine-readable reason of a problem (RFC 9457) or of a JSON-RPC error; empty: there is none. */
    private static String reason(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            String reason = tree.path("reason").asText("");
            return reason.isEmpty()
                    ? tree.path("error").path("data").path("reason").asText("")
                    : reason;
        } catch (JacksonException noJson) {
            return "";
        }
    }

    private static String shortened(String body) {
        return body.length() < 80 ? body : body.substring(0, 80) + "…";
    }
}
