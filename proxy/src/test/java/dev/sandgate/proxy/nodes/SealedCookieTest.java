package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cookie that comes to a node which has never seen its session, while Redis is away. */
final class SealedCookieTest {

    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Nodes nodes;
    private RedisProcess redis;
    private RecordingInstance[] instances;

    @BeforeEach
    void start() {
        nodes = kit.nodes().losingRedis();
        redis = nodes.redis();
        instances = new RecordingInstance[] {kit.instance(), kit.instance(), kit.instance()};
    }

    private TestDoor open(UnaryOperator<PoolPlan> pool) {
        return nodes.open(DoorPlan.to(instances).main(pool).affinity(COOKIE).debug())
                .awaitInstances(instances.length);
    }

    private TestDoor open() {
        return open(pool -> pool.perInstance(1));
    }

    private static void unavailable(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.refusal()).isEqualTo("table-unavailable");
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
    }

    /** Redis admits again: a first request is served. */
    private static String awaitTable(TestDoor door) {
        String[] cookie = {""};
        Await.until(
                () -> {
                    Answer answer = door.get();
                    cookie[0] = answer.status() == 200 ? answer.cookie() : "";
                    return answer.status() == 200;
                },
                () -> "the table never comes back");
        return cookie[0];
    }

    @Test
    void findsItsHomeAndNothingIsDoubledAfterwards() {
        TestDoor a = open();
        TestDoor b = open();
        Answer first = a.get();
        String cookie = first.cookie();
        redis.kill();

        Answer there = b.browse(cookie);
        assertThat(there.home()).isEqualTo(first.home());
        assertThat(there.fields().has("Set-Cookie")).isFalse();
        assertThat(a.browse(cookie).home()).isEqualTo(first.home());
        unavailable(b.get());

        redis.restart();
        awaitTable(b);
        assertThat(b.browse(cookie).home()).isEqualTo(first.home());
        assertThat(a.browse(cookie).home()).isEqualTo(first.home());
        assertThat(nodes.slots(first.home())).isEqualTo(1);
        Await.until(() -> a.vitals().sessions() == 2, () -> a.vitals().toString());
    }

    @Test
    void findsItsHomeWhereRedisHangsAndHasLostNothing() {
        TestDoor a = open();
        TestDoor b = open();
        Answer first = a.get();
        String cookie = first.cookie();
        redis.freeze();
        assertThat(b.browse(cookie).home()).isEqualTo(first.home());
        redis.thaw();
        awaitTable(b);
        assertThat(b.browse(cookie).home()).isEqualTo(first.home());
        assertThat(nodes.slots(first.home())).isEqualTo(1);
    }

    @Test
    void isAllThatIsLeftOfItsSessionWhereItsNodeIsGoneAndRedisIsEmpty() {
        TestDoor a = open();
        TestDoor b = open();
        Answer before = a.get();
        Answer meanwhile = a.get();
        a.close();
        redis.kill();
        assertThat(b.browse(before.cookie()).home()).isEqualTo(before.home());
        redis.restart();
        // it holds for a second, in which nodes tell what they know
        assertThat(b.browse(meanwhile.cookie()).home()).isEqualTo(meanwhile.home());
        Await.until(
                () -> nodes.slots(before.home()) == 1 && nodes.slots(meanwhile.home()) == 1,
                () -> "the new table never hears of both");
        awaitTable(b);
        for (Answer each : List.of(before, meanwhile)) {
            assertThat(b.browse(each.cookie()).home()).isEqualTo(each.home());
            assertThat(nodes.slots(each.home())).isEqualTo(1);
        }
    }

    @Test
    void isNeverServedByAnotherLifeOfItsInstance() {
        for (RecordingInstance instance : instances) {
            tellingLife(instance, "first");
        }
        TestDoor a = open(pool -> pool.incarnationInHeader("X-Life"));
        awaitTable(a);
        String cookie = a.get().cookie();
        a.close();
        for (RecordingInstance instance : instances) {
            tellingLife(instance, "second");
        }
        TestDoor b = open(pool -> pool.incarnationInHeader("X-Life"));
        awaitTable(b);
        redis.kill();
        for (RecordingInstance instance : instances) {
            instance.forget();
        }
        unavailable(b.browse(cookie));
        for (RecordingInstance instance : instances) {
            assertThat(instance.requests()).noneMatch(seen -> seen.target().equals("/x"));
        }
    }

    private static void tellingLife(RecordingInstance instance, String life) {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nX-Life: " + life + "\r\nContent-Length: 0\r\n\r\n"));
    }

    @Test
    void isAsNoCookieWhereOneBitOfItIsFlipped() {
        TestDoor a = open();
        TestDoor b = open();
        String cookie = a.get().cookie();
        redis.kill();
        int at = cookie.length() / 2;
        char flipped = cookie.charAt(at) == 'A' ? 'B' : 'A';
        unavailable(b.browse(cookie.substring(0, at) + flipped + cookie.substring(at + 1)));
        assertThat(b.browse(cookie).status()).isEqualTo(200);
    }
}
