package dev.sandgate.proxy.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application's own cookie: the door learns it, and changes nothing. */
final class ApplicationCookieTest {

    private static final AffinityConfig APP = new AffinityConfig.Cookie("app", true, List.of());

    @RegisterExtension
    final Invariants kit = new Invariants();

    private TestDoor door(RecordingInstance... instances) {
        return kit.open(DoorPlan.to(instances).debug().affinity(APP));
    }

    /** Sets a cookie of its own counting where the request brings none. */
    private RecordingInstance application() {
        RecordingInstance instance = kit.instance();
        AtomicInteger made = new AtomicInteger();
        return instance.answering((request, line) -> {
            boolean known = request.fields().all("Cookie").stream().anyMatch(cookie -> cookie.contains("app="));
            String value = "app=" + instance.port() + "-" + made.incrementAndGet();
            Script.raw(answer(known ? "" : value + "; Path=/; HttpOnly")).play(request, line);
        });
    }

    private static String answer(String setCookie) {
        String line = setCookie.isEmpty() ? "" : "Set-Cookie: " + setCookie + "\r\n";
        return "HTTP/1.1 200 OK\r\n" + line + "Content-Length: 2\r\n\r\nok";
    }

    private static String reason(Answer answer) {
        return answer.fields().first("X-Sandgate-Reason").orElse("none");
    }

    @Test
    void isKnownBeforeTheClientIsTold() {
        TestDoor door = kit.open(DoorPlan.to(application(), application(), application(), application())
                .debug()
                .main(pool -> pool.perInstance(100))
                .affinity(APP));
        for (int session = 0; session < 50; session++) {
            try (RawClient other = door.connect()) {
                RawClient first = kit.own(door.connect()).get("/");
                Answer told = first.answer();
                // over another connection, and so perhaps another event loop, the instant it is known
                Answer used =
                        other.get("/", "Cookie: " + Ask.cookie(told) + "\r\n").answer();
                assertThat(reason(used)).isEqualTo("kept");
                assertThat(Ask.instance(used)).isEqualTo(Ask.instance(told));
                assertThat(Ask.setsCookie(used)).isFalse();
            }
        }
        assertThat(door.vitals().sessions()).isEqualTo(50);
    }

    @Test
    void passesUnchangedInBothDirections() {
        String given = "app=\"x\u00e9/=y\"; Path=/deep; Domain=a.test; SameSite=None; Secure; Partitioned";
        RecordingInstance instance = kit.instance().answering(Script.raw(answer("app=v=1; Path=/deep; Secure")));
        TestDoor door = door(instance);
        assertThat(Ask.get(door, "/").fields().all("Set-Cookie")).containsExactly("app=v=1; Path=/deep; Secure");
        instance.answering(Script.raw(answer(given)));
        Answer later = Ask.get(door, "/later", "Cookie: a=1;app=v=1", "Cookie: b=\u00e9");
        assertThat(later.fields().all("Set-Cookie")).containsExactly(given);
        assertThat(reason(later)).isEqualTo("kept");
        assertThat(instance.awaitRequest(seen -> seen.target().equals("/later"))
                        .fields()
                        .all("Cookie"))
                .containsExactly("a=1;app=v=1", "b=\u00e9");
    }

    @Test
    void countsAsAbsentWhereNobodyKnowsIt() {
        TestDoor door = door(kit.instance().answering(Script.raw(answer("app=fresh"))));
        Answer answer = Ask.get(door, "/", "Cookie: app=from-long-ago");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Ask.cookie(answer)).isEqualTo("app=fresh");
        assertThat(reason(Ask.get(door, "/", "Cookie: app=fresh"))).isEqualTo("kept");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isTheLastOfItsNameAsInABrowser() {
        String twice = "app=one\r\nSet-Cookie: other=x\r\nSet-Cookie: app=two";
        TestDoor door = door(kit.instance().answering(Script.raw(answer(twice))));
        Ask.get(door, "/");
        assertThat(reason(Ask.get(door, "/", "Cookie: app=two"))).isEqualTo("kept");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isNotLearnedWhereItIsTakenAway() {
        RecordingInstance instance = kit.instance();
        TestDoor door = door(instance);
        for (String gone : List.of("app=", "app=x; Max-Age=0", "app=x; Path=/; max-age = -1", "app=\"\"; Max-Age=0")) {
            instance.answering(Script.raw(answer(gone)));
            assertThat(reason(Ask.get(door, "/"))).as(gone).isEqualTo("spread");
        }
        assertThat(door.vitals().sessions()).isZero();
        instance.answering(Script.raw(answer("app=max-age=0; Max-Age=0600")));
        assertThat(reason(Ask.get(door, "/"))).isEqualTo("new");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void holdsItsSlotBeforeTheInstanceIsAsked() {
        CountDownLatch event = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(Script.after(event, Script.raw(answer("app=1"))));
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(1, Duration.ofMillis(200)))
                .affinity(APP));
        RawClient first = kit.own(door.connect()).get("/first");
        instance.awaitRequest();
        Answer refused = Ask.get(door, "/second");
        assertThat(Ask.told(refused)).isEqualTo("503 pool-full");
        assertThat(refused.fields().has("Retry-After")).isTrue();
        event.countDown();
        assertThat(first.answer().status()).isEqualTo(200);
        assertThat(instance.heads()).hasSize(1);
        assertThat(Ask.told(Ask.get(door, "/third"))).isEqualTo("503 pool-full");
    }

    @Test
    void givesItsSlotBackWhereNoneCame() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance)
                .debug()
                .main(pool -> pool.perInstance(1).queue(1, Duration.ofMillis(200)))
                .affinity(APP));
        for (int i = 0; i < 5; i++) {
            assertThat(reason(Ask.get(door, "/"))).isEqualTo("spread");
        }
        door.awaitRest();
        assertThat(door.vitals().reservations()).isZero();
        assertThat(door.vitals().sessions()).isZero();
        instance.answering(Script.rawThenReset(""));
        assertThat(Ask.get(door, "/").status()).isEqualTo(502);
        instance.answering(Script.raw(answer("app=1")));
        // it hung up under a request, so it is looked at first
        Await.until(() -> reason(Ask.get(door, "/")).equals("new"), () -> "the slot is not free: " + door.vitals());
    }

    @Test
    void belongsToTheInstanceThatGaveItFirst() {
        RecordingInstance[] instances = {kit.instance(), kit.instance()};
        for (RecordingInstance instance : instances) {
            instance.answering(Script.raw(answer("app=same")));
        }
        TestDoor door = door(instances);
        Answer first = Ask.get(door, "/");
        Answer second = Ask.get(door, "/");
        assertThat(Ask.told(second)).isEqualTo("502 instance-broken");
        assertThat(Ask.setsCookie(second)).isFalse();
        for (int i = 0; i < 5; i++) {
            Answer later = Ask.get(door, "/", "Cookie: app=same");
            assertThat(Ask.instance(later)).isEqualTo(Ask.instance(first));
        }
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void changedByItsInstanceStaysAtThatInstance() {
        // as applications do at login, against session fixation
        RecordingInstance[] instances = {kit.instance(), kit.instance(), kit.instance()};
        AtomicInteger made = new AtomicInteger();
        for (RecordingInstance instance : instances) {
            instance.answering((request, line) ->
                    Script.raw(answer("app=" + made.incrementAndGet())).play(request, line));
        }
        TestDoor door = door(instances);
        Answer before = Ask.get(door, "/");
        for (int change = 0; change < 6; change++) {
            Answer after = Ask.get(door, "/", "Cookie: " + Ask.cookie(before));
            assertThat(reason(after)).isEqualTo("kept");
            assertThat(Ask.instance(after)).isEqualTo(Ask.instance(before));
            before = after;
        }
    }

    @Test
    void renewedByItsInstanceIsOneSession() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance().answering(Script.raw(answer("app=1; Max-Age=600"))))
                .debug()
                .main(pool -> pool.perInstance(1).queue(1, Duration.ofMillis(200)))
                .affinity(APP));
        Ask.get(door, "/");
        for (int i = 0; i < 5; i++) {
            Answer later = Ask.get(door, "/", "Cookie: app=1");
            assertThat(later.fields().all("Set-Cookie")).containsExactly("app=1; Max-Age=600");
        }
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void ofAnotherIsRefusedToTheSessionOfOne() {
        RecordingInstance[] instances = {kit.instance(), kit.instance()};
        AtomicInteger made = new AtomicInteger();
        for (RecordingInstance instance : instances) {
            instance.answering((request, line) ->
                    Script.raw(answer("app=" + made.incrementAndGet())).play(request, line));
        }
        TestDoor door = door(instances);
        Answer one = Ask.get(door, "/");
        Answer two = Ask.get(door, "/");
        assertThat(Ask.instance(two)).isNotEqualTo(Ask.instance(one));
        for (RecordingInstance instance : instances) {
            instance.answering(Script.raw(answer(Ask.cookie(one))));
        }
        Answer claims = Ask.get(door, "/", "Cookie: " + Ask.cookie(two));
        assertThat(Ask.told(claims)).isEqualTo("502 instance-broken");
        assertThat(Ask.setsCookie(claims)).isFalse();
    }

    @Test
    void ofALostSessionIsTakenBackOnceItsClientWasTold() {
        RecordingInstance[] instances = {application(), application()};
        TestDoor door = kit.open(DoorPlan.to(instances)
                .debug()
                .main(pool -> pool.lostAfter(Duration.ofMillis(200)))
                .affinity(APP));
        Answer first = Ask.get(door, "/");
        door.awaitRest();
        for (RecordingInstance instance : instances) {
            if (Ask.instance(first).endsWith(":" + instance.port())) {
                instance.close();
            }
        }
        Answer[] last = new Answer[1];
        Await.until(
                () -> {
                    last[0] = Ask.get(door, "/", "Cookie: " + Ask.cookie(first));
                    return last[0].status() != 503;
                },
                () -> "never anything but 503");
        assertThat(Ask.told(last[0])).isEqualTo("404 session-lost");
        assertThat(last[0].fields().all("Set-Cookie")).containsExactly("app=; Max-Age=0; Path=/");
        assertThat(reason(Ask.get(door, "/"))).isEqualTo("new");
    }
}
