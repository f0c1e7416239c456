package dev.sandgate.proxy.splits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A canary gets its share of new sessions, and no session moves. {@code -Dsessions=20000} for the full size. */
final class CanaryTest {

    private static final int SESSIONS = Integer.getInteger("sessions", 1_000);
    private static final int BATCH = 50;
    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);
    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private RecordingInstance[] old;
    private RecordingInstance[] canary;

    @BeforeEach
    void start() {
        System.out.println("seed " + seed + " (replay with -Dseed=" + seed + ")");
        old = new RecordingInstance[] {instance("old-0"), instance("old-1")};
        canary = new RecordingInstance[] {instance("canary-0"), instance("canary-1")};
    }

    private RecordingInstance instance(String name) {
        return kit.instance().answering(Script.ok(name));
    }

    private DoorPlan plan(double percent) {
        return DoorPlan.to(old)
                .main(pool -> pool.perInstance(100_000))
                .pool(PoolPlan.of("next", canary).perInstance(100_000))
                .split("next", percent)
                .withoutAccessLog()
                .debug();
    }

    /** One after the other on one connection, without waiting for each. */
    private static List<Answer> ask(RawClient client, List<String> lines) {
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < lines.size(); from += BATCH) {
            List<String> batch = lines.subList(from, Math.min(from + BATCH, lines.size()));
            client.send(batch.stream()
                    .map(line -> "GET /x HTTP/1.1\r\nHost: door.test\r\n" + line + "\r\n")
                    .collect(Collectors.joining()));
            batch.forEach(line -> answers.add(client.answer()));
        }
        answers.forEach(answer -> assertThat(answer.status()).as(answer.body()).isEqualTo(200));
        return answers;
    }

    private static List<Answer> askOnce(TestDoor door, List<String> lines) {
        try (RawClient client = door.connect()) {
            return ask(client, lines);
        }
    }

    private List<String> ids(int count) {
        return Stream.generate(() -> "X-Session-Id: " + Long.toHexString(random.nextLong()) + "\r\n")
                .limit(count)
                .toList();
    }

    private static List<String> homes(List<Answer> answers) {
        return answers.stream().map(Answer::body).toList();
    }

    private static void assertTenth(List<String> homes) {
        long there = homes.stream().filter(home -> home.startsWith("canary")).count();
        System.err.println(there + " of " + homes.size() + " new sessions began in the canary");
        // five standard deviations, or a percent of all where that is more
        double slack = Math.max(0.01 * homes.size(), 5 * Math.sqrt(0.09 * homes.size()));
        assertThat((double) there).isCloseTo(homes.size() / 10.0, Offset.offset(slack));
    }

    @Test
    void aTenthOfTheSessionsThatClientsNameBeginsInTheCanaryAndNoneMoves() {
        TestDoor door = kit.open(plan(10));
        List<String> ids = ids(SESSIONS);
        try (RawClient client = door.connect()) {
            List<String> homes = homes(ask(client, ids));
            assertTenth(homes);
            assertThat(homes(ask(client, ids))).isEqualTo(homes);
        }
        assertThat(door.vitals().sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void aTenthOfTheBrowsersBeginsInTheCanaryAndStaysThere() {
        TestDoor door = kit.open(plan(10).affinity(COOKIE));
        try (RawClient client = door.connect()) {
            List<Answer> first = ask(client, Collections.nCopies(SESSIONS, ""));
            assertTenth(homes(first));
            List<String> cookies = first.stream()
                    .map(answer -> "Cookie: " + answer.cookie() + "\r\n")
                    .toList();
            assertThat(homes(ask(client, cookies))).isEqualTo(homes(first));
        }
        assertThat(door.vitals().sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void noneMovesWhenThePercentsChangeOnWhicheverNode() {
        Nodes nodes = kit.nodes();
        TestDoor half = nodes.open(plan(50)).awaitInstances(4);
        TestDoor none = nodes.open(plan(0)).awaitInstances(4);
        List<String> ids = ids(100);
        List<String> later = ids(20);
        List<String> homes = homes(askOnce(half, ids));
        assertThat(Set.copyOf(homes)).hasSize(4);
        assertThat(homes(askOnce(none, ids))).isEqualTo(homes);
        assertThat(homes(askOnce(half, ids))).isEqualTo(homes);

        List<String> begun = homes(askOnce(none, later));
        assertThat(begun).allMatch(home -> home.startsWith("old"));
        assertThat(homes(askOnce(half, later))).isEqualTo(begun);
    }

    @Test
    void nodesAgreeWhereASessionIsThatBothHearOfAtOnceAndWhereACookieLeads() {
        Nodes nodes = kit.nodes();
        TestDoor here = nodes.open(plan(50).affinity(COOKIE, HEADER)).awaitInstances(4);
        TestDoor there = nodes.open(plan(50).affinity(COOKIE, HEADER)).awaitInstances(4);
        try (RawClient one = here.connect();
                RawClient two = there.connect()) {
            for (String id : ids(50)) {
                one.get("/x", id);
                two.get("/x", id);
                assertThat(one.answer().body()).isEqualTo(two.answer().body());
            }
            List<Answer> first = ask(one, Collections.nCopies(40, ""));
            List<String> cookies = first.stream()
                    .map(answer -> "Cookie: " + answer.cookie() + "\r\n")
                    .toList();
            assertThat(homes(ask(two, cookies))).isEqualTo(homes(first));
            assertThat(Set.copyOf(homes(first))).hasSize(4);
            // a cookie of either pool stands before the header, which would be another session
            List<String> both = cookies.stream()
                    .map(cookie -> cookie + "X-Session-Id: x\r\n")
                    .toList();
            assertThat(homes(ask(two, both))).isEqualTo(homes(first));
        }
    }
}
