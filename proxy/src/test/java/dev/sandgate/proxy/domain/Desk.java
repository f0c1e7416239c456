package dev.sandgate.proxy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** An operator who looks after a door's domains, and visitors who come by them. */
record Desk(TestDoor door) {

    Answer ask(String method, String target, String body, String... lines) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        try (RawClient operator = RawClient.to(door.adminPort())) {
            return operator.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + length
                            + String.join("", lines) + "\r\n" + body)
                    .answer(method)
                    .orElseThrow();
        }
    }

    Answer put(String name, JsonObject wish) {
        return ask("PUT", "/domains/" + name, wish.encode());
    }

    /** Adds a domain that must be taken. */
    Desk add(String name, JsonObject wish) {
        Answer answer = put(name, wish);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return this;
    }

    Answer remove(String name) {
        return ask("DELETE", "/domains/" + name, "");
    }

    Answer get(String target) {
        return ask("GET", target, "");
    }

    List<String> names() {
        JsonArray all = new JsonObject(get("/domains").body()).getJsonArray("domains");
        return all.stream().map(each -> ((JsonObject) each).getString("name")).toList();
    }

    /** What a visitor of this host is answered. */
    Answer visit(String host, String target, String... lines) {
        try (RawClient visitor = door.connect()) {
            return visitor.send(
                            "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + String.join("", lines) + "\r\n")
                    .answer();
        }
    }

    /** Returns once a visitor of this host is answered so. */
    Desk awaitVisit(String host, int status) {
        Await.until(
                () -> visit(host, "/x").status() == status,
                () -> host + " is answered with " + visit(host, "/x").status());
        return this;
    }

    static JsonObject to(String kind, String name) {
        return new JsonObject().put(kind, name);
    }
}
