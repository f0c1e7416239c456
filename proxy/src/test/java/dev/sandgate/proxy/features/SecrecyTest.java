package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Who knows a session's id is in the session: nothing that the door writes anywhere tells one. */
final class SecrecyTest {

    private static final String PLANTED = "planted5ecretSessionId";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getFormattedMessage() + event.getThrowableProxy());
        }
    };

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @BeforeEach
    void listen() {
        ear.start();
        root().addAppender(ear);
    }

    @AfterEach
    void stopListening() {
        root().detachAppender(ear);
    }

    private TestDoor door() {
        AffinityConfig header = new AffinityConfig.Header("X-Session-Id", false);
        return kit.open(DoorPlan.to(kit.instance())
                .sizes(4096, java.util.OptionalLong.empty())
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofMillis(50)))
                .pool(PoolPlan.of("broken", kit.instance().answering(Script.rawThenClose("nonsense\r\n\r\n"))))
                .pool(PoolPlan.of(
                        "cut",
                        kit.instance()
                                .answering(Script.rawThenReset("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))))
                .pool(PoolPlan.named("dead", kit.own(DeadInstance.refusing()).url()))
                .pool(PoolPlan.of("made", kit.instance()))
                .route("/broken", "broken", header)
                .route("/cut", "cut", header)
                .route("/dead", "dead", header)
                .route("/made", "made", new AffinityConfig.Header("X-Session-Id", true)));
    }

    @Test
    void noIdIsInAnyRefusalOrLogLine() {
        TestDoor door = door();
        List<String> heard = new ArrayList<>();
        String id = "X-Session-Id: " + PLANTED;
        int requests = 0;
        for (String path :
                List.of("/", "/", "/broken", "/cut", "/dead", "/dead", "/made", "/..", "/" + "x".repeat(4096))) {
            for (String lines : List.of(id, id + "2", id + " blank", id + "\r\n" + id, id + "x".repeat(5000))) {
                try (RawClient client = door.connect()) {
                    client.offer("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n\r\n");
                    client.answer("GET");
                    heard.add(client.heard());
                    requests++;
                }
            }
        }
        try (RawHttp2Client client = door.connectHttp2()) {
            Http2Stream refused =
                    client.awaitEnd(client.open(Http2.head("GET", "/made", "x-session-id", PLANTED), true));
            heard.add(refused.toString());
            requests++;
        }
        int all = requests;
        Await.until(() -> door.accessLog().size() >= all, () -> door.accessLog().size() + " lines of " + all);

        assertThat(heard).isNotEmpty().allSatisfy(text -> assertThat(text).doesNotContain(PLANTED));
        assertThat(door.accessLog()).allSatisfy(line -> assertThat(line).doesNotContain(PLANTED));
        assertThat(logged).allSatisfy(line -> assertThat(line).doesNotContain(PLANTED));
    }

    @Test
    void anIdThatWeMadeIsToldToItsClientAlone() {
        TestDoor door = door();
        RawClient client = kit.own(door.connect());
        Answer answer = client.get("/made").answer();
        String id = answer.fields().first("X-Session-Id").orElseThrow();
        client.get("/made", "X-Session-Id: " + id + "\r\n").answer();
        Await.until(() -> door.accessLog().size() == 2, () -> "lines: " + door.accessLog());

        assertThat(door.accessLog()).allSatisfy(line -> assertThat(line).doesNotContain(id));
        assertThat(logged).allSatisfy(line -> assertThat(line).doesNotContain(id));
    }
}
