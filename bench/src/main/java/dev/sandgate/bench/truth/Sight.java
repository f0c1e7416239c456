package dev.sandgate.bench.truth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What an answer says of whom it comes from.
 *
 * @param incarnation empty: it was not told
 * @param session as the sandbox knows it; empty: none
 * @param count how many requests of the session it has heard, this one too
 */
public record Sight(String instance, String incarnation, String session, long count) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads one; empty where it is none, or half of one. */
    public static Optional<Sight> of(String json) {
        try {
            return of(JSON.readTree(json));
        } catch (JacksonException half) {
            return Optional.empty();
        }
    }

    /** Reads one from a tree. */
    public static Optional<Sight> of(JsonNode tree) {
        if (!tree.path("instance").isTextual()) {
            return Optional.empty();
        }
        return Optional.of(new Sight(
                tree.path("instance").textValue(),
                tree.path("incarnation").asText(""),
                tree.path("session").asText(""),
                tree.path("count").asLong(0)));
    }

    @Override
    public String toString() {
        return instance + (incarnation.isEmpty() ? "" : "/" + incarnation) + " counts " + count + " for "
                + (session.isEmpty() ? "no session" : session);
    }
}
