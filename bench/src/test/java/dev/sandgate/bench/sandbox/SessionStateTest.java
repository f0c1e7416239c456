package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionStateTest {

    private static final String ID = SandboxOptions.SESSION_HEADER;

    private final SandboxUnderTest under = new SandboxUnderTest(options -> options.withMaxSessions(2));

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void countsEachRequestForItsOwnSession() throws Exception {
        assertThat(body(under.get("/count", ID, "s1"))).isEqualTo(who("s1", 1));
        assertThat(body(under.get("/", ID, "s1"))).isEqualTo(who("s1", 2));
        assertThat(body(under.get("/count", ID, "s2"))).isEqualTo(who("s2", 1));
        under.get("/headers", ID, "s1");
        assertThat(body(under.get("/count", ID, "s1"))).isEqualTo(who("s1", 4));
        assertThat(under.sandbox().sessionIds()).containsExactlyInAnyOrder("s1", "s2");
    }

    @Test
    void remembersNothingOfARequestWithoutAnId() throws Exception {
        assertThat(body(under.get("/count"))).isEqualTo(who(null, 0));
        assertThat(body(under.get("/count"))).isEqualTo(who(null, 0));
        assertThat(under.sandbox().sessions()).isZero();
        assertThat(under.sandbox().requests()).isEqualTo(2);
    }

    @Test
    void countsTheVisitsOfABrowserByItsOwnCookie() throws Exception {
        HttpResponse<String> first = under.get("/visits");
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).startsWith("sandbox=").containsIgnoringCase("; HttpOnly");
        String pair = cookie.substring(0, cookie.indexOf(';'));
        HttpResponse<String> second = under.get("/visits", "Cookie", pair);
        assertThat(body(second).getInteger("visits")).isEqualTo(2);
        assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(body(under.get("/visits")).getInteger("visits")).isEqualTo(1);
    }

    @Test
    void refusesASessionBeyondItsBoundAndKeepsThoseItHas() throws Exception {
        under.get("/count", ID, "s1");
        under.get("/count", ID, "s2");
        assertThat(under.get("/count", ID, "s3").statusCode()).isEqualTo(503);
        assertThat(body(under.get("/count", ID, "s1"))).isEqualTo(who("s1", 2));
        assertThat(under.sandbox().sessions()).isEqualTo(2);
    }

    @Test
    void hasRoomAgainAfterASessionEnded() throws Exception {
        under.get("/count", ID, "s1");
        under.get("/count", ID, "s2");
        assertThat(delete("s1")).isEqualTo(204);
        assertThat(delete("s1")).isEqualTo(404);
        assertThat(body(under.get("/count", ID, "s3"))).isEqualTo(who("s3", 1));
        assertThat(under.sandbox().sessions()).isEqualTo(2);
        assertThat(under.sandbox().highestSessions()).isEqualTo(2);
    }

    @Test
    void readsTheIdFromAnotherFieldWhenTold() throws Exception {
        try (SandboxUnderTest other = new SandboxUnderTest(options -> options.withSessionHeader("X-Kernel"))) {
            assertThat(body(other.get("/count", "X-Kernel", "k1"))).isEqualTo(who("k1", 1));
            assertThat(body(other.get("/count", ID, "s1"))).isEqualTo(who(null, 0));
        }
    }

    @Test
    void countsNoHealthCheck() throws Exception {
        HttpResponse<String> health = under.get("/healthz", ID, "s1");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(under.sandbox().requests()).isZero();
        assertThat(under.sandbox().sessions()).isZero();
    }

    @Test
    void tellsWithItsHealthWhichLifeOfItThisIs() throws Exception {
        String first = incarnation(under);
        assertThat(first).isNotBlank().isEqualTo(incarnation(under));
        try (SandboxUnderTest other = new SandboxUnderTest(options -> options)) {
            assertThat(incarnation(other)).isNotBlank().isNotEqualTo(first);
        }
    }

    private static String incarnation(SandboxUnderTest sandbox) throws IOException, InterruptedException {
        return sandbox.get("/healthz").headers().firstValue("X-Incarnation").orElseThrow();
    }

    private int delete(String session) throws IOException, InterruptedException {
        return under.send(under.to("/session").header(ID, session).DELETE(), BodyHandlers.discarding())
                .statusCode();
    }

    private static JsonObject body(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return new JsonObject(response.body());
    }

    private static JsonObject who(@Nullable String session, long count) {
        return new JsonObject().put("instance", "a").put("session", session).put("count", count);
    }
}
