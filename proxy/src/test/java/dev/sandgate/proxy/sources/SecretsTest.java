package dev.sandgate.proxy.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session's id is a secret: neither the access log nor a refusal tells it. */
final class SecretsTest {

    private static final String ID = "s3cr3t";
    private static final CookieKey KEY = new CookieKey("k1", "s3cr3t-key-of-32-characters-long.");

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<Answer> answers = new ArrayList<>();

    private TestDoor door(RecordingInstance instance, AffinityConfig... sources) {
        return kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ZERO).ports(1, 1))
                .affinity(sources));
    }

    private void keepsSilent(TestDoor door, String... secrets) {
        Await.until(() -> door.accessLog().size() >= answers.size(), () -> "not logged: " + door.accessLog());
        for (String secret : secrets) {
            assertThat(door.accessLog()).noneMatch(line -> line.contains(secret));
            assertThat(answers)
                    .filteredOn(answer -> answer.status() >= 400)
                    .isNotEmpty()
                    .noneMatch(answer -> answer.body().contains(secret))
                    .noneMatch(answer -> answer.fields().toString().contains(secret));
        }
    }

    @Test
    void keepsIdsOfTheHeaderAndTheQuery() {
        TestDoor door =
                door(kit.instance(), new AffinityConfig.Header("X-Session-Id", false), new AffinityConfig.Query("sid"));
        answers.add(Ask.get(door, "/", "X-Session-Id: " + ID));
        answers.add(Ask.get(door, "/", "X-Session-Id: " + ID + "-2"));
        answers.add(Ask.get(door, "/", "X-Session-Id: " + ID, "X-Session-Id: " + ID));
        answers.add(Ask.get(door, "/?sid=" + ID));
        answers.add(Ask.get(door, "/?sid=" + ID + "%20"));
        answers.add(Ask.get(door, "/?sid=" + ID + "&sid=" + ID));
        keepsSilent(door, ID);
    }

    @Test
    void keepsIdsOfThePath() {
        TestDoor door = door(kit.instance(), new AffinityConfig.Path("/s/"));
        answers.add(Ask.get(door, "/s/" + ID + "/more/of/it?x"));
        answers.add(Ask.get(door, "/s/" + ID));
        answers.add(Ask.get(door, "/s/" + ID + "-2/"));
        answers.add(Ask.get(door, "/s/" + ID + "%20/"));
        answers.add(Ask.get(door, "/plain"));
        keepsSilent(door, ID);
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"/s/{session}/more/of/it\""));
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"/s/{session}\""));
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"/plain\""));
    }

    @Test
    void keepsIdsOfTheHost() {
        TestDoor door = door(
                kit.instance(),
                new AffinityConfig.Host(true, ".ports.example.com"),
                new AffinityConfig.Host(false, ".apps.example.com"));
        answers.add(Ask.getAt(ID + ".apps.example.com", door, "/"));
        answers.add(Ask.getAt(ID + "-2.apps.example.com", door, "/"));
        answers.add(Ask.getAt("80-" + ID + ".ports.example.com", door, "/"));
        answers.add(Ask.getAt("x" + ID + ".ports.example.com", door, "/"));
        answers.add(Ask.get(door, "/"));
        keepsSilent(door, ID);
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"{session}.apps.example.com\""));
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"{port}-{session}.ports.example.com\""));
        assertThat(door.accessLog()).anyMatch(line -> line.contains("\"a.test\""));
    }

    @Test
    void keepsOurCookieAndItsKey() {
        TestDoor door = door(kit.instance(), new AffinityConfig.Cookie("sid", false, List.of(KEY)));
        answers.add(Ask.get(door, "/"));
        String value = Ask.cookie(answers.get(0)).substring("sid=".length());
        answers.add(Ask.get(door, "/", "Cookie: sid=" + value));
        answers.add(Ask.get(door, "/", "Cookie: sid=" + value.substring(1)));
        keepsSilent(door, value, value.substring(3, 20), KEY.secret());
    }

    @Test
    void keepsTheApplicationsCookie() {
        RecordingInstance instance = kit.instance()
                .answering(Script.raw("HTTP/1.1 200 OK\r\nSet-Cookie: app=" + ID + "\r\nContent-Length: 0\r\n\r\n"));
        TestDoor door = door(instance, new AffinityConfig.Cookie("app", true, List.of()));
        answers.add(Ask.get(door, "/"));
        answers.add(Ask.get(door, "/", "Cookie: app=" + ID));
        answers.add(Ask.get(door, "/", "Cookie: app=" + ID + "-2"));
        keepsSilent(door, ID);
    }
}
