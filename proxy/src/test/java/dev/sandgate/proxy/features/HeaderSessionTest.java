package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions told by a request header: the client's own ids, and ids that the door makes. */
final class HeaderSessionTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance one;
    private RecordingInstance two;

    @BeforeEach
    void start() {
        one = kit.instance().answering(Script.ok("one"));
        two = kit.instance().answering(Script.ok("two"));
    }

    private TestDoor door(boolean generate) {
        return kit.open(DoorPlan.to(one, two)
                .affinity(new AffinityConfig.Header("X-Session-Id", generate))
                .debug());
    }

    private Answer ask(TestDoor door, String... lines) {
        try (RawClient client = door.connect()) {
            return client.get("/x", lines).answer();
        }
    }

    private static String reason(Answer answer) {
        return new JsonObject(answer.body()).getString("reason");
    }

    @Test
    void anIdOfTheClientOpensASessionAndKeepsIt() {
        TestDoor door = door(false);
        Set<String> homes = new HashSet<>();
        for (String id : List.of("a", "b", "c", "d")) {
            Answer first = ask(door, "X-Session-Id: " + id + "\r\n");
            assertThat(first.fields().all("X-Sandgate-Reason")).containsExactly("new");
            assertThat(first.fields().has("X-Session-Id")).isFalse();
            homes.add(first.body());
            for (int round = 0; round < 5; round++) {
                Answer next = ask(door, "x-session-ID: " + id + "\r\n");
                assertThat(next.body()).isEqualTo(first.body());
                assertThat(next.fields().all("X-Sandgate-Reason")).containsExactly("kept");
            }
        }
        assertThat(homes).containsExactlyInAnyOrder("one", "two");
        assertThat(door.vitals().sessions()).isEqualTo(4);
        assertThat(one.requests()).allSatisfy(seen -> assertThat(seen.fields().has("X-Session-Id"))
                .isTrue());
    }

    @Test
    void idsThatDifferInCaseAreTwoSessions() {
        TestDoor door = door(false);
        ask(door, "X-Session-Id: a\r\n");
        ask(door, "X-Session-Id: A\r\n");
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void anIdIsMadeToldAndKept() {
        TestDoor door = door(true);
        Answer first = ask(door);
        String id = first.fields().first("X-Session-Id").orElseThrow();

        assertThat(id).matches("[A-Za-z0-9_-]{22}");
        assertThat(first.fields().all("X-Session-Id")).hasSize(1);
        RecordingInstance home = first.body().equals("one") ? one : two;
        assertThat(home.awaitRequest().fields().all("X-Session-Id")).containsExactly(id);
        for (int round = 0; round < 5; round++) {
            Answer next = ask(door, "X-Session-Id: " + id + "\r\n");
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(next.fields().has("X-Session-Id")).isFalse();
        }
        assertThat(ask(door).fields().first("X-Session-Id").orElseThrow()).isNotEqualTo(id);
    }

    @Test
    void anIdIsMadeOverHttp2Too() {
        TestDoor door = door(true);
        RawHttp2Client client = kit.own(door.connectHttp2());
        Http2Stream first = client.awaitEnd(client.open(Http2.head("GET", "/x"), true));
        String id = first.fields().first("x-session-id").orElseThrow();

        Http2Stream next = client.awaitEnd(client.open(Http2.head("GET", "/x", "x-session-id", id), true));
        assertThat(next.data()).isEqualTo(first.data());
        assertThat(next.fields().all("x-sandgate-reason")).containsExactly("kept");
    }

    @Test
    void theInstanceCannotGiveAMadeIdAnotherName() {
        String forged = "HTTP/1.1 200 OK\r\nX-Session-Id: forged\r\nContent-Length: 0\r\n\r\n";
        one.answering(Script.raw(forged));
        two.answering(Script.raw(forged));

        List<String> told = ask(door(true)).fields().all("X-Session-Id");
        assertThat(told).hasSize(1).doesNotContain("forged");
    }

    @Test
    void anIdThatWeNeverMadeIsUnknown() {
        TestDoor door = door(true);
        Answer answer = ask(door, "X-Session-Id: never-made\r\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(reason(answer)).isEqualTo("session-unknown");
        assertThat(door.vitals().sessions()).isZero();
        assertThat(one.heads()).isEmpty();
        assertThat(two.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\tb"})
    void aMalformedIdIsRefused(String id) {
        for (boolean generate : new boolean[] {true, false}) {
            TestDoor door = door(generate);
            Answer answer = ask(door, "X-Session-Id: " + id + "\r\n");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(reason(answer)).isEqualTo("session-malformed");
            assertThat(door.vitals().sessions()).isZero();
        }
    }

    @Test
    void anIdTwiceIsRefusedEvenWhereBothAreAlike() {
        TestDoor door = door(false);

        Answer answer = ask(door, "X-Session-Id: a\r\n", "x-session-id: a\r\n");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(reason(answer)).isEqualTo("session-malformed");
    }

    @Test
    void anIdMayHave1024CharactersAndNoMore() {
        TestDoor door = door(false);

        assertThat(ask(door, "X-Session-Id: " + "a".repeat(1024) + "\r\n").status())
                .isEqualTo(200);
        Answer answer = ask(door, "X-Session-Id: " + "a".repeat(1025) + "\r\n");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(reason(answer)).isEqualTo("session-malformed");
    }

    @Test
    void blanksAroundAnIdAreNotPartOfIt() {
        TestDoor door = door(false);
        Answer first = ask(door, "X-Session-Id:\t a \t\r\n");

        assertThat(ask(door, "X-Session-Id:a\r\n").body()).isEqualTo(first.body());
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void theFirstSourceThatIsPresentWins() {
        TestDoor door = kit.open(DoorPlan.to(one, two)
                .affinity(new AffinityConfig.Header("X-First", false), new AffinityConfig.Header("X-Second", true))
                .debug());
        Answer client = ask(door, "X-First: a\r\n", "X-Second: b\r\n");
        assertThat(client.fields().all("X-Sandgate-Reason")).containsExactly("new");
        assertThat(ask(door, "X-Second: b\r\n").status()).isEqualTo(404);

        Fields made = ask(door).fields();
        assertThat(made.has("X-First")).isFalse();
        assertThat(made.has("X-Second")).isTrue();
    }

    @Test
    void aRequestWithoutAnIdWhereNobodyMakesOneIsSpread() {
        TestDoor door = door(false);
        assertThat(ask(door).fields().all("X-Sandgate-Reason")).containsExactly("spread");
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void aRouteWithoutAffinityReachesEveryInstanceWhateverTheHeaderSays() {
        TestDoor door = kit.open(DoorPlan.to(one, two).affinity());
        Set<String> reached = new HashSet<>();
        RawClient client = kit.own(door.connect());
        for (int round = 0; round < 60; round++) {
            reached.add(client.get("/x", "X-Session-Id: a\r\n").answer().body());
        }
        assertThat(reached).containsExactlyInAnyOrder("one", "two");
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void aMadeIdThatReachedNoInstanceHoldsNoSlot() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url()).affinity(new AffinityConfig.Header("X-Session-Id", true)));
        Answer answer = ask(door);

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.fields().has("X-Session-Id")).isFalse();
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void aMadeIdThatWasNeverToldHoldsItsSlotUntilItWasUnusedForLongEnough() {
        TestDoor door = kit.open(DoorPlan.to(one)
                .main(pool -> pool.perInstance(1).idleTimeout(Duration.ofMillis(300)))
                .affinity(new AffinityConfig.Header("X-Session-Id", true)));
        one.answering(Script.rawThenClose("not http\r\n\r\n"));
        Answer answer = ask(door);
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.fields().has("X-Session-Id")).isFalse();
        // the instance may have begun it
        assertThat(door.vitals().sessions()).isEqualTo(1);

        Await.until(() -> door.vitals().sessions() == 0, () -> door.vitals().toString());
    }
}
