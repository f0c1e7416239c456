package dev.sandgate.proxy.sources;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;

/** Requests of these tests, each on a connection of its own, and what their answers say. */
final class Ask {

    private Ask() {}

    /** A GET with more field lines, without their line ends. */
    static Answer get(TestDoor door, String target, String... lines) {
        return getAt("a.test", door, target, lines);
    }

    /** The same from another host. */
    static Answer getAt(String host, TestDoor door, String target, String... lines) {
        try (RawClient client = door.connect()) {
            String fields = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
            return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + fields
                            + "\r\n")
                    .answer();
        }
    }

    /** The one line that sets a cookie, up to its first attribute. */
    static String cookie(Answer answer) {
        if (answer.fields().all("Set-Cookie").size() != 1) {
            throw new AssertionError("expected one Set-Cookie: " + answer.fields());
        }
        return answer.fields().all("Set-Cookie").get(0).split(";", -1)[0];
    }

    static boolean setsCookie(Answer answer) {
        return answer.fields().has("Set-Cookie");
    }

    /** The instance that a route with {@code debug} names. */
    static String instance(Answer answer) {
        return answer.fields()
                .first("X-Sandgate-Instance")
                .orElseThrow(() -> new AssertionError("no instance: " + answer + answer.body()));
    }

    /** The status, and the reason of a refusal. */
    static String told(Answer answer) {
        boolean problem = answer.fields().all("Content-Type").contains("application/problem+json");
        return answer.status() + (problem ? " " + new JsonObject(answer.body()).getString("reason") : "");
    }
}
