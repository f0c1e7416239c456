package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.redis.TestTables.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table costs Redis. Full size: {@code -Dcost.instances=10000}; the figures stand in docs/redis.md. */
final class RedisCostTest {

    private static final PoolConfig POOL = Pools.pool(Pools.SESSIONS, PlacementRule.LEAST_SESSIONS);
    private static final int MOST_BYTES = 600;
    private static final int BATCH = 64;

    private static TestTables tables;
    private final AtomicLong requests = new AtomicLong(1);

    @BeforeAll
    static void start() {
        tables = new TestTables();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 200})
    void aSessionTakesAtMostSixHundredBytesOfRedis(int perInstance) {
        int sessions = 4_000;
        RedisTable table = tables.make(POOL);
        fleet(table, sessions / perInstance + 1, perInstance);
        // Redis has the scripts from now on
        open(table, "first", 1);
        assertThat(done(table.end(key("first0"), Long.MAX_VALUE))).isTrue();
        long before = number("memory", "used_memory");
        open(table, "s", sessions);
        long each = (number("memory", "used_memory") - before) / sessions;
        System.out.printf(Locale.ROOT, "a session takes %d bytes of Redis, %d an instance%n", each, perInstance);
        assertThat(each).isBetween(100L, (long) MOST_BYTES);
        List<Future<Boolean>> ended = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            ended.add(table.end(key("s" + i), Long.MAX_VALUE));
            if (ended.size() == BATCH || i == sessions - 1) {
                ended.forEach(one -> assertThat(done(one)).isTrue());
                ended.clear();
            }
        }
        long left = (number("memory", "used_memory") - before) / sessions;
        System.out.printf(Locale.ROOT, "an ended one takes %d bytes, its news among them%n", left);
        assertThat(left).isBetween(50L, (long) MOST_BYTES);
    }

    @Test
    void aKnownSessionAsksNothingAndANewOneOnceOrTwice() {
        RedisTable table = tables.make(POOL);
        fleet(table, 2, 100);
        // Redis has the scripts from now on
        done(table.open(key("first"), opening()));
        Held first = (Held) done(table.reserve(POOL.name(), "", opening()));
        done(table.confirm(first.reservation(), new SessionKey(POOL.name(), Source.MCP, "first", ""), Lease.USE));
        long before = calls();
        done(table.open(key("x"), opening()));
        assertThat(calls() - before).isEqualTo(1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(table.peek(key("x"))).isInstanceOf(Kept.class);
            Binding binding = ((Kept) table.peek(key("x"))).binding();
            assertThat(binding.enter()).isTrue();
            assertThat(binding.holds()).isTrue();
            binding.leave();
        }
        assertThat(calls() - before).isEqualTo(1);
        Held held = (Held) done(table.reserve(POOL.name(), "", opening()));
        done(table.confirm(held.reservation(), new SessionKey(POOL.name(), Source.MCP, "l", ""), Lease.USE));
        assertThat(calls() - before).isEqualTo(3);
        assertThat(table.peek(new SessionKey(POOL.name(), Source.MCP, "l", ""))).isInstanceOf(Kept.class);
    }

    @Test
    void noSlotIsOverlookedWhereNearlyAllAreTaken() {
        int instances = Integer.getInteger("cost.instances", 1_000);
        RedisTable table = tables.make(POOL);
        fleet(table, instances, 5);
        int slots = 5 * instances;
        int nearly = slots * 99 / 100;
        open(table, "a", nearly);
        long from = evalMicros();
        long callsFrom = calls();
        open(table, "b", slots - nearly);
        System.out.printf(
                Locale.ROOT,
                "%d instances, 99 %% full: an opening takes %.1f us of Redis%n",
                instances,
                (double) (evalMicros() - from) / (calls() - callsFrom));
        assertThat(done(table.open(key("one too many"), opening())))
                .isInstanceOfSatisfying(
                        Refused.class, no -> assertThat(no.why()).isEqualTo(Why.POOL_FULL));
        assertThat(table.instances(POOL.name()).members()).allMatch(member -> member.used() == 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000, 10_000})
    void tellsWhatTheSameCostsInPoolsOfSeveralSizes(int instances) {
        if (instances > Integer.getInteger("cost.instances", 1_000)) {
            return;
        }
        RedisTable table = tables.make(POOL);
        int sessions = 5_000;
        fleet(table, instances, 2 * sessions / instances);
        long from = evalMicros();
        long callsFrom = calls();
        long begun = System.nanoTime();
        open(table, "s", sessions);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d instances: an opening takes %.1f us of Redis; %.0f a second from one node%n",
                instances,
                (double) (evalMicros() - from) / (calls() - callsFrom),
                sessions / seconds);
        assertThat(calls() - callsFrom).isEqualTo(sessions);
    }

    private static void fleet(RedisTable table, int instances, int cap) {
        List<Future<Void>> reported = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            // as Kubernetes names them
            Instance instance = new Instance(
                    POOL.name(),
                    "python-sandbox-7d9f8b6c5d-" + Integer.toString(100_000 + i, 36),
                    new UUID(42, i).toString(),
                    "10.42." + i / 250 + "." + i % 250,
                    8080);
            reported.add(table.report(new Report.Ready(instance, Math.max(1, cap))));
            if (reported.size() == BATCH) {
                reported.forEach(TestTables::done);
                reported.clear();
            }
        }
        reported.forEach(TestTables::done);
    }

    private void open(RedisTable table, String prefix, int sessions) {
        List<Future<Placement>> asked = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            asked.add(table.open(key(prefix + i), opening()));
            if (asked.size() == BATCH || i == sessions - 1) {
                asked.forEach(each -> assertThat(done(each)).isInstanceOf(Fresh.class));
                asked.clear();
            }
        }
    }

    private static SessionKey key(String id) {
        return new SessionKey(POOL.name(), Source.HEADER, id, "jwt:https://login.example.com|user-4711");
    }

    private Opening opening() {
        return new Opening(requests.getAndIncrement(), Set.of());
    }

    private static long calls() {
        return stat("calls");
    }

    private static long evalMicros() {
        return stat("usec");
    }

    private static long stat(String what) {
        String info = info("commandstats");
        long sum = 0;
        for (String line : info.split("\r\n", -1)) {
            if (line.startsWith("cmdstat_eval")) {
                for (String field : line.substring(line.indexOf(':') + 1).split(",", -1)) {
                    sum += field.startsWith(what + "=") ? Long.parseLong(field.substring(what.length() + 1)) : 0;
                }
            }
        }
        return sum;
    }

    private static long number(String section, String name) {
        return info(section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static String info(String section) {
        return done(tables.link.send(() -> Request.cmd(Command.INFO).arg(section)))
                .toString();
    }
}
