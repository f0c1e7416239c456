package dev.sandgate.proxy.kit;

import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.proxy.Door;
import dev.sandgate.proxy.Vitals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real door on free ports, opened and closed within the tests' patience. */
public final class TestDoor implements AutoCloseable {

    private final Door door;
    private final AccessLines accessLines;
    private boolean restless;

    private TestDoor(Door door, AccessLines accessLines) {
        this.door = door;
        this.accessLines = accessLines;
    }

    public static TestDoor open(DoorPlan plan) {
        return open(plan.config());
    }

    public static TestDoor open(SandgateConfig config) {
        AccessLines lines = AccessLines.ofStandardOutput();
        try {
            return new TestDoor(finished(Door.of(config).open(), "open"), lines);
        } catch (AssertionError failed) {
            lines.close();
            throw failed;
        }
    }

    public Door door() {
        return door;
    }

    /** The public listener's port. */
    public int port() {
        return door.port("public");
    }

    public int adminPort() {
        return door.adminPort();
    }

    public Vitals vitals() {
        return door.vitals();
    }

    /** Returns this once it admits sessions, as {@code /readyz} says: a table that many share may hold for a while. */
    public TestDoor awaitReady() {
        Await.until(() -> readiness().status() == 200, () -> readiness().body());
        return this;
    }

    /** Returns this once it knows so many instances that take sessions. */
    public TestDoor awaitInstances(int count) {
        Await.until(
                () -> instances().stream()
                                .filter(each -> each.getString("state").equals("ready"))
                                .count()
                        == count,
                () -> instances().toString());
        return this;
    }

    private Answer readiness() {
        return admin("GET", "/readyz");
    }

    /** What the admin listener says to a request without a body, by an operator without a token. */
    public Answer admin(String method, String target) {
        try (RawClient operator = RawClient.to(adminPort())) {
            return operator.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer(method)
                    .orElseThrow();
        }
    }

    /** The answer to a GET of {@code /x} by a client of this session, on a connection of its own. */
    public Answer ask(String session) {
        return get("X-Session-Id: " + session + "\r\n");
    }

    /** The same by a client that brings these field lines, each ended by CRLF. */
    public Answer get(String... lines) {
        try (RawClient client = connect()) {
            return client.get("/x", lines).answer();
        }
    }

    /** The same by a browser that has this cookie. */
    public Answer browse(String cookie) {
        return get("Cookie: " + cookie + "\r\n");
    }

    /** The instances that the admin listener tells of, each as it tells it. */
    public List<JsonObject> instances() {
        return new JsonObject(admin("GET", "/instances").body())
                .getJsonArray("instances").stream().map(JsonObject.class::cast).toList();
    }

    /** A new connection to the public listener. */
    public RawClient connect() {
        return RawClient.to(port());
    }

    /** A new HTTP/2 connection to the public listener, by prior knowledge. */
    public RawHttp2Client connectHttp2() {
        return RawHttp2Client.to(port());
    }

    /** The lines that the access log has written since the door was opened. */
    public List<String> accessLog() {
        return accessLines.lines();
    }

    /** Returns once no request, used connection, waiting request or reservation is left. Has no patience twice. */
    public void awaitRest() {
        if (restless && !vitals().atRest()) {
            throw new AssertionError("the door never came to rest after an earlier test: " + vitals());
        }
        restless = true;
        Await.until(() -> vitals().atRest(), () -> "the door does not come to rest: " + vitals());
        restless = false;
    }

    @Override
    public void close() {
        finished(door.close(), "close");
        accessLines.close();
    }

    private static <T> T finished(Future<T> future, String what) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(2 * Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("the door does not " + what, failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("the door does not " + what + " in time", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
