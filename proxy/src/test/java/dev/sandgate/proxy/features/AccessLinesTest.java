package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One line of JSON a request, whatever became of it. */
final class AccessLinesTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofMillis(50)))
                .route("/free", "main"));
    }

    private List<JsonObject> lines(int count) {
        Await.until(() -> door.accessLog().size() >= count, () -> "lines: " + door.accessLog());
        door.awaitRest();
        assertThat(door.accessLog()).hasSize(count);
        return door.accessLog().stream().map(JsonObject::new).toList();
    }

    @Test
    void aLineTellsEverythingAboutItsRequest() {
        Instant before = Instant.now();
        RawClient client = kit.own(door.connect())
                .send("POST /some//pa%74h;x?secret=1 HTTP/1.1\r\nHost: A.Test:81\r\nX-Session-Id: s\r\n"
                        + "X-Request-Id: asked\r\nContent-Length: 4\r\n\r\nbody");
        String body = client.answer().body();
        JsonObject line = lines(1).get(0);

        assertThat(line.fieldNames())
                .containsExactly(
                        "time",
                        "id",
                        "client",
                        "method",
                        "host",
                        "path",
                        "protocol",
                        "status",
                        "reason",
                        "route",
                        "pool",
                        "instance",
                        "session",
                        "bytesIn",
                        "bytesOut",
                        "placedMs",
                        "answeredMs",
                        "totalMs");
        assertThat(Instant.parse(line.getString("time"))).isBetween(before.minusMillis(1), Instant.now());
        assertThat(line.getString("id")).isEqualTo("asked");
        assertThat(line.getString("client")).isEqualTo("127.0.0.1");
        assertThat(line.getString("method")).isEqualTo("POST");
        assertThat(line.getString("host")).isEqualTo("a.test");
        assertThat(line.getString("path")).isEqualTo("/some/path");
        assertThat(line.getString("protocol")).isEqualTo("1.1");
        assertThat(line.getInteger("status")).isEqualTo(200);
        assertThat(line.getString("reason")).isEqualTo("new");
        assertThat(line.getString("route")).isEqualTo("main");
        assertThat(line.getString("pool")).isEqualTo("main");
        assertThat(line.getString("instance")).isEqualTo("127.0.0.1:" + instance.port());
        assertThat(line.getString("session")).matches("[0-9a-f]{16}");
        assertThat(line.getLong("bytesIn")).isEqualTo(4);
        assertThat(line.getLong("bytesOut")).isEqualTo(body.length());
        assertThat(line.getDouble("placedMs")).isBetween(0.0, line.getDouble("answeredMs"));
        assertThat(line.getDouble("answeredMs")).isBetween(0.0, line.getDouble("totalMs"));
    }

    @Test
    void theReasonTellsHowTheInstanceWasChosen() {
        RawClient client = kit.own(door.connect());
        client.get("/x", "X-Session-Id: s\r\n").answer();
        client.get("/x", "X-Session-Id: s\r\n").answer();
        client.get("/free/x", "X-Session-Id: s\r\n").answer();

        assertThat(lines(3)).extracting(line -> line.getString("reason")).containsExactly("new", "kept", "spread");
        assertThat(lines(3)).extracting(line -> line.getString("route")).containsExactly("main", "main", "main");
        assertThat(lines(3)).noneMatch(line -> line.containsKey("side"));
    }

    @Test
    void aSessionHasOneHashThatIsNeitherItsIdNorAnotherDoors() {
        TestDoor other = kit.open(DoorPlan.to(instance).affinity(new AffinityConfig.Header("X-Session-Id", false)));
        RawClient client = kit.own(door.connect());
        client.get("/x", "X-Session-Id: s\r\n").answer();
        client.get("/y", "X-Session-Id: s\r\n").answer();
        kit.own(other.connect()).get("/z", "X-Session-Id: s\r\n").answer();
        // the later door hears the lines of both
        Await.until(() -> other.accessLog().size() == 3, () -> "lines: " + other.accessLog());
        List<JsonObject> lines = other.accessLog().stream()
                .map(JsonObject::new)
                .sorted(Comparator.comparing(line -> line.getString("path")))
                .toList();

        assertThat(lines.get(0).getString("session")).isEqualTo(lines.get(1).getString("session"));
        assertThat(lines.get(2).getString("session")).isNotEqualTo(lines.get(0).getString("session"));
    }

    @Test
    void aRefusalTellsItsReasonAndWhoseFaultItWas() {
        RawClient client = kit.own(door.connect());
        client.get("/x", "X-Session-Id: s\r\n").answer();
        client.get("/x", "X-Session-Id: t\r\n").answer();
        client.get("/..").answer();

        List<JsonObject> lines = lines(3);
        assertThat(lines).extracting(line -> line.getInteger("status")).containsExactly(200, 503, 400);
        assertThat(lines.get(1).getString("reason")).isEqualTo("pool-full");
        assertThat(lines.get(1).getString("side")).isEqualTo("door");
        assertThat(lines.get(1).containsKey("instance")).isFalse();
        assertThat(lines.get(2).getString("reason")).isEqualTo("path-invalid");
        assertThat(lines.get(2).getString("side")).isEqualTo("client");
        assertThat(lines.get(2).getString("client")).isEqualTo("127.0.0.1");
    }

    @Test
    void aClientThatLeavesIsTold() {
        instance.answering(Script.rawThenStall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
        RawClient client = kit.own(door.connect()).get("/x");
        client.bytesUntil("half");
        client.reset();
        JsonObject line = lines(1).get(0);

        assertThat(line.getInteger("status")).isEqualTo(499);
        assertThat(line.getString("reason")).isEqualTo("client-gone");
        assertThat(line.getString("side")).isEqualTo("client");
        assertThat(line.getLong("bytesOut")).isEqualTo(4);
    }

    @Test
    void anAnswerThatBreaksOffIsTold() {
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
        kit.own(door.connect()).get("/x").answer();
        JsonObject line = lines(1).get(0);

        assertThat(line.getInteger("status")).isEqualTo(200);
        assertThat(line.getString("reason")).isEqualTo("answer-cut");
        assertThat(line.getString("side")).isEqualTo("instance");
    }

    @Test
    void everyProtocolIsNamed() {
        kit.own(door.connect()).get("/x").answer();
        kit.own(door.connect()).send("GET /x HTTP/1.0\r\nHost: a.test\r\n\r\n").answer();
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        http2.awaitEnd(http2.open(Http2.head("GET", "/x"), true));

        assertThat(lines(3))
                .extracting(line -> line.getString("protocol"))
                .containsExactlyInAnyOrder("1.1", "1.0", "2");
    }

    @Test
    void oneLineForEveryRequestOfAConnectionAndNoneForSilence() {
        RawClient client = kit.own(door.connect());
        kit.own(door.connect());
        StringBuilder pipelined = new StringBuilder();
        for (int at = 0; at < 200; at++) {
            pipelined.append("GET /").append(at).append(" HTTP/1.1\r\nHost: a.test\r\n\r\n");
        }
        client.send(pipelined.toString());
        for (int at = 0; at < 200; at++) {
            assertThat(client.answer().body()).isEqualTo("GET /" + at);
        }

        assertThat(lines(200)).extracting(line -> line.getString("path")).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsWrittenWhereTheConfigurationSaysSo() {
        TestDoor quiet = kit.open(DoorPlan.to(instance).withoutAccessLog());
        RawClient client = kit.own(quiet.connect());
        client.get("/x").answer();
        client.get("/..").answer();
        client.awaitHangUp();
        quiet.awaitRest();

        assertThat(quiet.accessLog()).isEmpty();
        assertThat(door.accessLog()).isEmpty();
    }
}
