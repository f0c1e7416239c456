package dev.sandgate.proxy.faults;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Requests of these tests, and what is asked of the door besides. */
final class Ask {

    private Ask() {}

    /** A field line that names a session. */
    static String session(String id) {
        return "X-Session-Id: " + id + "\r\n";
    }

    /** One GET of {@code /} in this session, on a connection of its own. */
    static Answer once(TestDoor door, String session) {
        try (RawClient client = door.connect()) {
            return client.get("/", session(session), "Connection: close\r\n").answer();
        }
    }

    /** The head of an HTTP/2 request; more fields as name, value, name, value. */
    static Fields http2(String method, String path, String... more) {
        List<Fields.Field> fields = new ArrayList<>(List.of(
                new Fields.Field(":method", method),
                new Fields.Field(":scheme", "http"),
                new Fields.Field(":path", path),
                new Fields.Field(":authority", "a.test")));
        for (int at = 0; at < more.length; at += 2) {
            fields.add(new Fields.Field(more[at], more[at + 1]));
        }
        return new Fields(fields);
    }

    /** Returns once the access log has a line with all these parts. */
    static void awaitLogged(TestDoor door, String... parts) {
        Await.until(
                () -> door.accessLog().stream()
                        .anyMatch(line -> Arrays.stream(parts).allMatch(line::contains)),
                () -> "no line with " + List.of(parts) + " in " + door.accessLog());
    }
}
