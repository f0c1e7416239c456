package dev.sandgate.proxy.kit;

import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.proxy.Door;
import dev.sandgate.proxy.Vitals;
import io.vertx.core.Future;
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
                () -> admin("/instances").body().split("\"state\":\"ready\"", -1).length == count + 1,
                () -> admin("/instances").body());
        return this;
    }

    private Answer readiness() {
        return admin("/readyz");
    }

    private Answer admin(String path) {
        try (RawClient client = RawClient.to(adminPort())) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer();
        }
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
