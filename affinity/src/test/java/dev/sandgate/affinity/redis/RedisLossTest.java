package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.redis.TestTables.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that are lost on their way, and a node that is lost with all that it holds. */
final class RedisLossTest {

    private static final PoolConfig PYTHON = Pools.pool(
            new SessionsConfig(
                    10,
                    Duration.ofHours(1),
                    Duration.ofHours(9),
                    Duration.ofHours(1),
                    Pools.SESSIONS.onLost(),
                    true,
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    false),
            PlacementRule.LEAST_SESSIONS);
    private static final int INSTANCES = 5;
    private static final int CAP = 10;
    private static final int HOLDINGS = 500;

    private static TestTables tables;

    @BeforeAll
    static void start() {
        tables = new TestTables();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    /** A link on which one answer in ten is lost after its script has run. */
    private static Link lossy(Link link, Random random) {
        return (script, keys, args) -> {
            boolean lost = random.nextInt(10) == 0;
            return link.run(script, keys, args)
                    .compose(answer -> lost
                            ? Future.failedFuture(new TableFault(TableFault.Reason.TIMEOUT, "lost on its way"))
                            : Future.succeededFuture(answer));
        };
    }

    @Test
    void admitsExactlyAsManyAsThereAreSlotsThoughAnswersAreLost() {
        Seeds.each(5, random -> crowd(random.nextLong()));
    }

    private static void crowd(long seed) {
        RedisTable sound = tables.make(PYTHON);
        for (int i = 0; i < INSTANCES; i++) {
            done(sound.report(new Report.Ready(instance("i" + i), CAP)));
        }
        List<RedisTable> nodes = List.of(
                tables.through(link -> lossy(link, new Random(seed)), PYTHON),
                tables.through(link -> lossy(link, new Random(~seed)), PYTHON));
        Map<String, Integer> admitted = new HashMap<>();
        int next = 0;
        for (int round = 0; round < 5; round++) {
            List<Future<Placement>> asked = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                asked.add(nodes.get(i % 2).open(key("s" + next++), opening()));
            }
            for (Future<Placement> each : asked) {
                if (done(each) instanceof Fresh fresh) {
                    admitted.merge(fresh.binding().instance().id(), 1, Integer::sum);
                }
            }
            // what was given to those who heard nothing is taken back, however often that answer is lost as well
            for (int beat = 0; beat < 10; beat++) {
                tables.pass(Duration.ofSeconds(2));
                nodes.forEach(RedisLossTest::beat);
            }
        }
        assertThat(admitted).hasSize(INSTANCES).containsValue(CAP);
        assertThat(admitted.values()).containsOnly(CAP);
        assertThat(sound.sessions(POOL)).isLessThanOrEqualTo(INSTANCES * CAP);
    }

    /** A link on which the next answers of this script are lost after it has run. */
    private static Link losing(Link link, Script script, AtomicInteger answers) {
        return (asked, keys, args) -> link.run(asked, keys, args)
                .compose(answer -> asked.equals(script) && answers.getAndDecrement() > 0
                        ? Future.failedFuture(new TableFault(TableFault.Reason.TIMEOUT, "lost on its way"))
                        : Future.succeededFuture(answer));
    }

    @Test
    void doesNotTakeBackWhatTheSameWishGotWhenItWasAskedForAgain() {
        RedisTable sound = tables.make(PYTHON);
        done(sound.report(new Report.Ready(instance("a"), 2)));
        AtomicInteger opened = new AtomicInteger(1);
        AtomicInteger reserved = new AtomicInteger(1);
        RedisTable node =
                tables.through(link -> losing(losing(link, Scripts.OPEN, opened), Scripts.RESERVE, reserved), PYTHON);
        Opening session = opening();
        Opening slot = opening();
        assertThat(done(node.open(key("x"), session))).isInstanceOf(Refused.class);
        assertThat(done(node.open(key("x"), session))).isInstanceOf(Fresh.class);
        assertThat(done(node.reserve(POOL, "", slot))).isInstanceOf(Refused.class);
        Held held = (Held) done(node.reserve(POOL, "", slot));
        for (int beat = 0; beat < 10; beat++) {
            tables.pass(Duration.ofSeconds(5));
            assertThat(done(node.extend(held.reservation()))).isTrue();
            done(node.beat());
        }
        assertThat(done(sound.find(key("x")))).isInstanceOf(Placement.Kept.class);
        done(sound.beat());
        assertThat(sound.instances(POOL).members().get(0).used()).isEqualTo(2);
    }

    @Test
    void grantsNothingToAWishWhileWhatItGotBeforeIsTakenBack() throws InterruptedException {
        RedisTable sound = tables.make(PYTHON);
        done(sound.report(new Report.Ready(instance("a"), 2)));
        BlockingQueue<Promise<Void>> ways = new LinkedBlockingQueue<>();
        AtomicInteger opened = new AtomicInteger(1);
        RedisTable node = tables.through(
                link -> losing(
                        (script, keys, args) -> {
                            Promise<Void> goes = Promise.promise();
                            if (script.equals(Scripts.UNDO)) {
                                ways.add(goes);
                            } else {
                                goes.complete();
                            }
                            return goes.future().compose(gone -> link.run(script, keys, args));
                        },
                        Scripts.OPEN,
                        opened),
                PYTHON);
        Opening wish = opening();
        assertThat(done(node.open(key("x"), wish))).isInstanceOf(Refused.class);
        tables.pass(Duration.ofSeconds(20));
        Future<Void> beat = node.beat();
        Promise<Void> way = ways.poll(30, TimeUnit.SECONDS);
        assertThat(way).as("nothing is taken back").isNotNull();
        assertThat(done(node.open(key("x"), wish)))
                .isEqualTo(new Refused(Placement.Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1)));
        way.complete();
        done(beat);
        assertThat(done(sound.find(key("x")))).isInstanceOf(Refused.class);
        assertThat(done(node.open(key("x"), wish))).isInstanceOf(Fresh.class);
    }

    /** Its answers may be lost as well. */
    private static void beat(RedisTable node) {
        CompletableFuture<Void> beat = node.beat().toCompletionStage().toCompletableFuture();
        beat.handle((done, lost) -> true).join();
    }

    @Test
    void aLostNodesReservationsAndStreamsAreFreeWhenTheirLeasesAreOverAndNotBefore() {
        RedisTable lost = tables.make(PYTHON);
        for (int i = 0; i < 10; i++) {
            done(lost.report(new Report.Ready(instance("i" + i), 2 * HOLDINGS / 10)));
        }
        List<Future<Placement>> streams = new ArrayList<>();
        for (int i = 0; i < HOLDINGS; i++) {
            streams.add(lost.reserve(POOL, "", opening()));
        }
        for (int i = 0; i < HOLDINGS; i++) {
            Held held = (Held) done(streams.get(i));
            Confirmation.Bound bound =
                    (Confirmation.Bound) done(lost.confirm(held.reservation(), learned("l" + i, ""), Lease.STREAM));
            assertThat(bound.binding().enter()).isTrue();
        }
        List<Future<Placement>> reservations = new ArrayList<>();
        for (int i = 0; i < HOLDINGS; i++) {
            reservations.add(lost.reserve(POOL, "", opening()));
        }
        reservations.forEach(TestTables::done);

        RedisTable other = tables.another(PYTHON);
        tables.pass(Duration.ofMillis(Times.STILL.reservation() - 1));
        held(other, HOLDINGS, HOLDINGS);
        tables.pass(Duration.ofMillis(1));
        held(other, HOLDINGS, 0);
        tables.pass(Duration.ofMillis(Times.STILL.stream() - Times.STILL.reservation() - 1));
        held(other, HOLDINGS, 0);
        tables.pass(Duration.ofMillis(1));
        held(other, 0, 0);
    }

    private static void held(RedisTable seen, int sessions, int reservations) {
        // as many sweeps as one round of beats does, and one more to be told all
        for (int beat = 0; beat < 4; beat++) {
            done(seen.beat());
        }
        assertThat(seen.sessions(POOL)).isEqualTo(sessions);
        assertThat(seen.reservations(POOL)).isEqualTo(reservations);
    }
}
