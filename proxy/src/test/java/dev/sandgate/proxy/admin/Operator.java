package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Somebody at a door's admin listener, with a new connection for each request. Remembers all that was answered. */
final class Operator {

    private final TestDoor door;
    private final String lines;
    private final List<String> heard = new ArrayList<>();

    private Operator(TestDoor door, String lines) {
        this.door = door;
        this.lines = lines;
    }

    static Operator of(TestDoor door) {
        return new Operator(door, "");
    }

    Operator bearing(String token) {
        return new Operator(door, "Authorization: Bearer " + token + "\r\n");
    }

    Answer ask(String method, String target) {
        return send(
                method + " " + target + " HTTP/1.1\r\nHost: localhost:" + door.adminPort() + "\r\n" + lines + "\r\n");
    }

    /** This request, as it is. */
    Answer send(String request) {
        String method = request.substring(0, request.indexOf(' '));
        try (RawClient client = RawClient.to(door.adminPort())) {
            client.send(request);
            Answer answer = client.answer(method).orElseThrow(() -> new AssertionError("no answer to " + request));
            heard.add(client.heard());
            return answer;
        }
    }

    Answer get(String target) {
        return ask("GET", target);
    }

    JsonObject json(String target) {
        return json(get(target));
    }

    static JsonObject json(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.fields().all("Content-Type")).containsExactly("application/json");
        assertThat(answer.fields().all("Cache-Control")).containsExactly("no-store");
        return new JsonObject(answer.body());
    }

    /** The one list of an answer. */
    static List<JsonObject> list(JsonObject answer, String name) {
        JsonArray array = answer.getJsonArray(name);
        return array.stream().map(JsonObject.class::cast).toList();
    }

    List<JsonObject> sessions(String query) {
        return list(json("/sessions" + query), "sessions");
    }

    List<JsonObject> instances(String query) {
        return list(json("/instances" + query), "instances");
    }

    JsonObject pool(String name) {
        return list(json("/pools"), "pools").stream()
                .filter(pool -> pool.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    PrometheusText metrics() {
        Answer answer = get("/metrics");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.fields().all("Content-Type")).containsExactly("text/plain; version=0.0.4; charset=utf-8");
        return PrometheusText.read(answer.body());
    }

    static void refused(Answer answer, int status, String reason) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.fields().all("Content-Type")).containsExactly("application/problem+json");
        assertThat(answer.fields().all("Cache-Control")).containsExactly("no-store");
        JsonObject problem = new JsonObject(answer.body());
        assertThat(problem.getString("reason")).isEqualTo(reason);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("type")).isEqualTo("urn:sandgate:reason:" + reason);
        assertThat(problem.getString("title")).isNotBlank();
        assertThat(problem.getString("detail")).isNotBlank();
    }

    /** Every answer so far, head and body. */
    List<String> heard() {
        return heard;
    }
}
