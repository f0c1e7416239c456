package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.redis.TestTables.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.kit.Crowd;
import dev.sandgate.affinity.kit.Guests;
import dev.sandgate.affinity.kit.Heard;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.affinity.kit.Visitor;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a table outside the node must do: many nodes, and Redis itself in trouble. */
final class RedisTableTest {

    private static final PoolConfig PYTHON = Pools.pool(SESSIONS, PlacementRule.LEAST_SESSIONS);
    private static final Script EVERYTHING = Script.of("everything", """
            local all = {}
            for _, key in ipairs(redis.call('KEYS', '*')) do
              all[#all + 1] = key
              local kind = redis.call('TYPE', key).ok
              if kind == 'string' then
                all[#all + 1] = redis.call('GET', key)
              elseif kind == 'stream' then
                for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
                  all[#all + 1] = table.concat(entry[2], ' ')
                end
              else
                local read = kind == 'hash' and { 'HGETALL', key } or { 'ZRANGE', key, 0, -1, 'WITHSCORES' }
                all[#all + 1] = table.concat(redis.call(unpack(read)), ' ')
              end
            end
            return { table.concat(all, '\\n') }
            """);

    private static TestTables tables;
    private RedisTable table;

    @BeforeAll
    static void start() {
        tables = new TestTables();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void begin() {
        table = tables.make(PYTHON);
    }

    @Test
    void keepsOneHomeForOneIdOnTwoNodes() {
        ready(table, "a", 5);
        ready(table, "b", 5);
        RedisTable other = tables.another(PYTHON);
        List<Future<Placement>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add((i % 2 == 0 ? table : other).open(key("x"), opening()));
        }
        List<Placement> told = answers.stream().map(TestTables::done).toList();
        assertThat(told).filteredOn(Fresh.class::isInstance).hasSize(1);
        assertThat(told)
                .extracting(each ->
                        binding(each).instance().id() + " " + binding(each).generation())
                .containsOnly(binding(told.get(0)).instance().id() + " "
                        + binding(told.get(0)).generation());
    }

    @Test
    void admitsExactlyAsManyAsThereAreSlotsOverTwoNodes() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            ready(table, id, 10);
        }
        RedisTable other = tables.another(PYTHON);
        List<Future<Placement>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(table.open(key("one" + i), opening()));
            answers.add(other.reserve(POOL, "", opening()));
        }
        Map<Instance, Integer> admitted = new HashMap<>();
        for (Future<Placement> answer : answers) {
            Placement placement = done(answer);
            if (placement instanceof Held held) {
                admitted.merge(held.reservation().instance(), 1, Integer::sum);
            } else if (placement instanceof Fresh fresh) {
                admitted.merge(fresh.binding().instance(), 1, Integer::sum);
            } else {
                assertThat(placement).isEqualTo(new Refused(Why.POOL_FULL, Duration.ofSeconds(1)));
            }
        }
        assertThat(admitted).hasSize(5).allSatisfy((instance, count) -> assertThat(count)
                .isEqualTo(10));
    }

    @Test
    void neverExceedsTheCapUnderACrowd() {
        Seeds.each(2, random -> {
            RedisTable one = tables.make(PYTHON);
            Guests guests = new Guests(5);
            for (int i = 0; i < 6; i++) {
                ready(one, "i" + i, 5);
            }
            long seed = random.nextLong();
            Crowd.run(4, thread -> new Visitor(one, guests, seed + thread).visit(250));
            assertThat(guests.peak()).isBetween(1, 5);
        });
    }

    @Test
    void doesNotMoveASessionThatAnotherNodeFound() {
        ready(table, "a", 5);
        ready(table, "b", 5);
        Opening opening = opening();
        Binding binding = fresh(table, "x", opening);
        RedisTable other = tables.another(PYTHON);
        assertThat(done(other.find(key("x")))).isInstanceOf(Kept.class);
        assertThat(done(table.rebind(binding, opening))).isEqualTo(Refused.because(Why.SESSION_IN_USE));
        assertThat(binding.enter()).isTrue();
        done(table.abandon(binding, opening.requestId()));
        assertThat(done(other.find(key("x")))).isInstanceOf(Kept.class);
    }

    @Test
    void movesNoSessionBecauseOneNodeCannotConnect() {
        Instance a = ready(table, "a", 5);
        ready(table, "b", 5);
        Binding binding = fresh(table, "x", opening().without("b"));
        RedisTable other = tables.another(PYTHON);
        done(other.report(new Report.Unreachable(a)));
        assertThat(done(other.rebind(binding, opening()))).isEqualTo(Refused.because(Why.SESSION_IN_USE));
        assertThat(binding(done(other.open(key("x"), opening()))).instance()).isEqualTo(a);
    }

    @Test
    void asksBeforeItServesWhereItsOwnWordMayHaveCostTheInstanceItsLife() {
        PoolConfig patient = Pools.pool(
                new SessionsConfig(
                        10,
                        Duration.ofHours(1),
                        Duration.ofHours(9),
                        Duration.ofHours(1),
                        SESSIONS.onLost(),
                        true,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30),
                        false),
                PlacementRule.LEAST_SESSIONS);
        RedisTable one = tables.make(patient);
        Instance a = ready(one, "a", 1);
        AtomicBoolean cut = new AtomicBoolean();
        RedisTable two = tables.through(link -> cuttable(link, cut), patient);
        done(one.beat());
        done(two.beat());
        Binding binding = binding(done(two.open(key("x"), opening())));
        done(two.report(new Report.Unreachable(a)));
        cut.set(true);
        assertThatThrownBy(() -> done(two.report(new Report.Reachable(a)))).hasCauseInstanceOf(TableFault.class);
        done(one.report(new Report.Unreachable(a)));
        tables.pass(Duration.ofMillis(29_999));
        assertThat(binding.enter()).isTrue();
        tables.pass(Duration.ofMillis(1));
        done(one.beat());
        assertThat(one.instances(POOL).members()).as("all nodes missed it").isEmpty();
        assertThat(binding.enter()).isFalse();
        assertThat(done(two.find(key("x")))).isEqualTo(new Refused(Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1)));
    }

    @Test
    void servesOnWithoutAskingOnceTheTableHeardThatTheInstanceIsReached() {
        RedisTable one = tables.make(PYTHON);
        Instance a = ready(one, "a", 1);
        AtomicBoolean cut = new AtomicBoolean();
        RedisTable two = tables.through(link -> cuttable(link, cut), PYTHON);
        Binding binding = binding(done(two.open(key("x"), opening())));
        two.touch(binding);
        done(two.report(new Report.Unreachable(a)));
        tables.pass(Duration.ofSeconds(1));
        done(two.report(new Report.Reachable(a)));
        tables.pass(Duration.ofSeconds(10));
        done(two.beat());
        cut.set(true);
        tables.pass(Duration.ofSeconds(40));
        assertThat(binding.enter()).isTrue();
    }

    /** A link that can be cut before anything is sent. */
    private static Link cuttable(Link link, AtomicBoolean cut) {
        return (script, keys, args) -> cut.get()
                ? Future.failedFuture(new TableFault(TableFault.Reason.UNREACHABLE, "cut"))
                : link.run(script, keys, args);
    }

    @Test
    void stopsUsingASessionAtTheLastDeadlineThatTheTableAcknowledged() {
        ready(table, "a", 1);
        Binding binding = fresh(table, "x", opening());
        assertThat(binding.enter()).isTrue();
        RedisTable other = tables.another(PYTHON);
        tables.pass(Duration.ofMillis(19_999));
        assertThat(binding.enter()).isTrue();
        assertThat(done(other.open(key("y"), opening()))).isInstanceOf(Refused.class);
        tables.pass(Duration.ofMillis(1));
        assertThat(binding.enter()).as("though a request is under way").isFalse();
        assertThat(table.peek(key("x"))).isEqualTo(Placement.Ask.TABLE);
        assertThat(done(other.open(key("y"), opening()))).isInstanceOf(Fresh.class);
    }

    @Test
    void bringsAnIdBackAtItsOldHomeWhileAnotherNodeMayStillServeTheOldLife() {
        ready(table, "a", 1);
        Binding old = fresh(table, "x", opening());
        RedisTable other = tables.another(PYTHON);
        assertThat(done(other.end(key("x"), old.generation()))).isTrue();
        ready(other, "b", 1);
        fresh(other, "y", opening().without("b"));
        assertThat(old.enter()).as("this node has not heard of the end").isTrue();
        assertThat(done(other.open(key("x"), opening())))
                .isEqualTo(new Refused(Why.SESSION_ENDING, Duration.ofSeconds(20)));
        tables.pass(Duration.ofSeconds(20));
        assertThat(old.enter()).isFalse();
        assertThat(binding(done(other.open(key("x"), opening().without("a")))).instance())
                .isEqualTo(instance("b"));
    }

    @Test
    void hearsOfWhatAnotherNodeDidAtTheNextBeat() {
        RedisTable other = tables.another(PYTHON);
        Heard heard = new Heard();
        other.subscribe(heard);
        Instance a = ready(table, "a", 1);
        done(other.beat());
        assertThat(heard.news).containsExactly("a READY");
        Binding here = binding(done(other.open(key("x"), opening())));
        done(table.report(new Report.Draining(a)));
        done(table.report(new Report.Gone(a)));
        assertThat(here.enter()).isTrue();
        done(other.beat());
        assertThat(here.enter()).isFalse();
        assertThat(heard.news).containsExactly("a READY", "LOST x", "a GONE");
        assertThat(other.instances(POOL).members()).isEmpty();
    }

    @Test
    void hearsThatADrainingInstanceCannotBeReachedAndItIsGivenUpWhenNobodyCan() {
        Instance a = ready(table, "a", 1);
        Instance b = ready(table, "b", 1);
        done(table.report(new Report.Draining(a)));
        RedisTable other = tables.through(link -> link, PYTHON);
        done(other.beat());
        done(table.beat());
        List<Member> suspected = new ArrayList<>();
        other.subscribe(new TableListener() {
            @Override
            public void changed(Member member) {
                if (member.suspected()) {
                    suspected.add(member);
                }
            }
        });
        done(table.report(new Report.Unreachable(a)));
        done(other.beat());
        assertThat(suspected).containsExactly(new Member(a, Member.State.DRAINING, 1, 0, true));
        tables.pass(Duration.ofSeconds(31));
        done(other.beat());
        assertThat(other.instances(POOL).members()).as("this node did not say").hasSize(2);
        done(other.report(new Report.Unreachable(a)));
        tables.pass(Duration.ofSeconds(31));
        done(other.beat());
        assertThat(other.instances(POOL).members()).extracting(Member::instance).containsExactly(b);
    }

    @Test
    void hearsThatASessionIsOverWhenItTellsOfAUse() {
        ready(table, "a", 1);
        RedisTable other = tables.another(PYTHON);
        Binding binding = fresh(table, "x", opening());
        Heard heard = new Heard();
        table.subscribe(heard);
        assertThat(binding.enter()).isTrue();
        assertThat(done(other.end(key("x"), binding.generation()))).isTrue();
        done(table.tellUses());
        assertThat(heard.news).containsExactly("ENDED x");
        assertThat(binding.enter()).isFalse();
    }

    @Test
    void aUseOfAnEndedLifeIsNoneOfTheNextOneThoughItHasTheSameHome() {
        ready(table, "a", 1);
        Reservation first = ((Held) done(table.reserve(POOL, "ann", opening()))).reservation();
        Binding anns = ((Confirmation.Bound) done(table.confirm(first, learned("x", "ann"), Lease.USE))).binding();
        assertThat(anns.enter()).isTrue();
        RedisTable other = tables.another(PYTHON);
        assertThat(done(other.end(learned("x", "ann"), anns.generation()))).isTrue();
        Reservation second = ((Held) done(other.reserve(POOL, "bob", opening()))).reservation();
        Binding bobs = ((Confirmation.Bound) done(other.confirm(second, learned("x", "bob"), Lease.USE))).binding();
        Heard heard = new Heard();
        table.subscribe(heard);
        tables.pass(Duration.ofSeconds(10));
        done(table.tellUses());
        assertThat(heard.news).containsExactly("ENDED x");
        assertThat(anns.enter()).isFalse();
        tables.pass(Duration.ofSeconds(10));
        assertThat(bobs.enter()).as("nobody used it").isFalse();
        assertThat(done(other.find(learned("x", "bob")))).isEqualTo(Refused.because(Why.SESSION_EXPIRED));
    }

    @Test
    void oneNodeThatStillCannotReachAnInstanceKeepsItFromNobodyElse() {
        Instance a = ready(table, "a", 1);
        RedisTable other = tables.through(link -> link, PYTHON);
        done(other.beat());
        done(table.report(new Report.Unreachable(a)));
        assertThat(state(a)).isEqualTo(Member.State.COOLING);
        tables.pass(Duration.ofMillis(1100));
        done(table.beat());
        assertThat(state(a)).isEqualTo(Member.State.READY);
        done(table.report(new Report.Unreachable(a)));
        assertThat(state(a)).as("the same node once more").isEqualTo(Member.State.READY);
        done(other.report(new Report.Unreachable(a)));
        done(table.beat());
        assertThat(state(a)).as("nobody reaches it").isEqualTo(Member.State.COOLING);
    }

    private Member.State state(Instance instance) {
        return table.instances(POOL).members().stream()
                .filter(member -> member.instance().equals(instance))
                .map(Member::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void forgetsASessionThatNobodyUsedHereForLong() {
        ready(table, "a", 2);
        Binding binding = fresh(table, "x", opening());
        List<Binding> forgotten = new ArrayList<>();
        table.subscribe(new TableListener() {
            @Override
            public void forgotten(Binding one) {
                forgotten.add(one);
            }
        });
        RedisTable other = tables.another(PYTHON);
        assertThat(done(other.end(key("x"), binding.generation()))).isTrue();
        tables.pass(Duration.ofSeconds(80));
        done(table.beat());
        assertThat(table.known(POOL)).isEqualTo(1);
        tables.pass(Duration.ofMillis(1));
        done(table.beat());
        assertThat(table.known(POOL)).isZero();
        assertThat(forgotten).containsExactly(binding);
        assertThat(binding.enter()).isFalse();
    }

    @Test
    void keepsNoIdAndNoPrincipalInTheClear() {
        ready(table, "a", 5);
        SessionKey chosen = new SessionKey(POOL, Source.HEADER, "sesame-7311", "jwt:issuer|alice-4242");
        SessionKey learnt = learned("sesame-7312", "jwt:issuer|alice-4242");
        Binding binding = binding(done(table.open(chosen, opening())));
        Reservation reservation = ((Held) done(table.reserve(POOL, "jwt:issuer|alice-4242", opening()))).reservation();
        assertThat(done(table.confirm(reservation, learnt, Lease.USE))).isInstanceOf(Confirmation.Bound.class);
        done(table.end(chosen, binding.generation()));
        done(table.reserve(POOL, "jwt:issuer|alice-4242", opening()));
        String everything =
                done(tables.link.run(EVERYTHING, List.of(), List.of())).get(0).toString();
        assertThat(everything).contains("sg:{python}:s:m", "sg:{python}:t:h", "sg:{python}:r:");
        assertThat(everything).doesNotContainIgnoringCase("sesame").doesNotContainIgnoringCase("alice");
    }

    @Test
    void showsAnotherNodesSessionsByTheirNameInRedisOnly() {
        ready(table, "a", 5);
        Binding binding = fresh(table, "x", opening());
        List<Binding> seen = done(tables.another(PYTHON).list(POOL, 0, 10));
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).generation()).isEqualTo(binding.generation());
        assertThat(seen.get(0).instance()).isEqualTo(binding.instance());
        assertThat(seen.get(0).key().id()).startsWith("#h").doesNotContain("x");
    }

    @Test
    void endsASessionThatItsNodeNeverServed() {
        ready(table, "a", 5);
        fresh(table, "x", opening());
        RedisTable other = tables.another(PYTHON);
        Binding seen = done(other.list(POOL, 0, 10)).get(0);
        assertThat(done(other.end(seen))).isTrue();
        assertThat(done(other.end(seen))).isFalse();
        assertThat(done(table.find(key("x")))).isEqualTo(Refused.because(Why.SESSION_ENDED));
    }

    @Test
    void refusesARecordThatStandsUnderAnotherName() {
        ready(table, "a", 5);
        fresh(table, "x", opening());
        SessionNames names = TestTables.NAMES;
        Response record =
                done(tables.link.send(() -> Request.cmd(Command.GET).arg("sg:{python}:s:" + names.name(key("x")))));
        done(tables.link.send(() -> Request.cmd(Command.SET)
                .arg("sg:{python}:s:" + names.name(key("y")))
                .arg(record.toString())));
        assertThatThrownBy(() -> done(table.find(key("y")))).hasMessageContaining("under this name");
    }

    @Test
    void answersThatItIsAwayWhileRedisHangsAndGoesOnWithWhatItKnows() {
        Heard heard = new Heard();
        RedisLink hasty = tables.link(Duration.ofMillis(200));
        RedisTable away = tables.over(hasty, PYTHON);
        away.subscribe(heard);
        ready(away, "a", 5);
        Binding binding = fresh(away, "x", opening());
        Reservation reservation = ((Held) done(away.reserve(POOL, "", opening()))).reservation();
        tables.redis.freeze();
        try {
            Refused unavailable = new Refused(Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1));
            assertThat(done(away.open(key("y"), opening()))).isEqualTo(unavailable);
            assertThat(done(away.find(key("z")))).isEqualTo(unavailable);
            assertThat(done(away.reserve(POOL, "", opening()))).isEqualTo(unavailable);
            assertThatThrownBy(() -> done(away.extend(reservation))).hasCauseInstanceOf(TableFault.class);
            assertThatThrownBy(() -> done(away.beat())).hasCauseInstanceOf(TableFault.class);
            assertThat(away.peek(key("x"))).isInstanceOf(Kept.class);
            assertThat(binding.enter()).isTrue();
        } finally {
            tables.redis.thaw();
        }
        Opening again = opening();
        Placement placement = done(away.open(key("w"), again));
        while (placement instanceof Refused refused && refused.why() == Why.TABLE_UNAVAILABLE) {
            placement = done(away.open(key("w"), again));
        }
        assertThat(placement).isInstanceOf(Fresh.class);
        assertThat(done(away.extend(reservation))).isTrue();
        done(hasty.close());
    }

    @Test
    void freesSlotsWhileRedisIsFullAndAdmitsNobody() {
        ready(table, "a", 5);
        Binding binding = fresh(table, "x", opening());
        Reservation reservation = ((Held) done(table.reserve(POOL, "", opening()))).reservation();
        tables.redis.say("CONFIG", "SET", "maxmemory", "1");
        try {
            assertThat(done(table.open(key("y"), opening())))
                    .isEqualTo(new Refused(Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1)));
            assertThat(done(table.end(key("x"), binding.generation()))).isTrue();
            done(table.release(reservation));
            assertThat(table.sessions(POOL) + table.reservations(POOL)).isZero();
        } finally {
            tables.redis.say("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(done(table.open(key("y"), opening()))).isInstanceOf(Fresh.class);
    }

    @Test
    void believesATableThatBeginsAnewWithItsClockSetBack() {
        ready(table, "a", 5);
        fresh(table, "x", opening());
        RedisTable knowing = tables.another(PYTHON);
        done(knowing.beat());
        tables.pass(Duration.ofHours(-1));
        tables.redis.say("FLUSHALL");
        RedisTable ignorant = tables.another(PYTHON);
        done(ignorant.beat());
        // one that knows more than whoever began it
        done(knowing.beat());
        done(ignorant.beat());
        done(table.beat());
        ready(table, "b", 5);
        for (RedisTable each : List.of(table, knowing, ignorant)) {
            assertThat(done(each.open(key("y"), opening()))).isNotInstanceOf(Refused.class);
        }
        tables.pass(Duration.ofHours(1));
    }

    @Test
    void doesNotTellAServerThatWasReplacedOfALaterEpoch() {
        History history = new History(POOL, new Tether(Times.STILL, 0));
        assertThat(history.believed("one")).isZero();
        history.hear(new Moment(7, 0), "one", 0);
        assertThat(history.believed("one")).isEqualTo(7);
        history.hear(new Moment(9, 0), "two", 0);
        history.hear(new Moment(9, 1), "", 0);
        assertThat(history.believed("one")).isZero();
        assertThat(history.believed("two")).isEqualTo(9);
        assertThat(history.believed("three")).isEqualTo(9);
        history.hear(new Moment(11, 0), "one", 0);
        assertThat(history.believed("one")).isEqualTo(11);
        assertThat(history.believed("two")).isZero();
    }

    @Test
    void admitsNobodyToSlotsThatRedisThrewOutUntilTheNodesToldOfThem() {
        for (boolean full : new boolean[] {false, true}) {
            RedisTable one = tables.holding(PYTHON);
            Instance a = ready(one, "a", full ? 3 : 4);
            ready(one, "b", 1);
            List<Binding> there = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                there.add(fresh(one, "x" + i, opening().without("b")));
            }
            tables.pass(Duration.ofSeconds(10));
            there.forEach(one::touch);
            done(one.tellUses());
            tables.redis.say("DEL", "sg:{python}:i:a");
            if (full) {
                // it is looked at when the earliest deadline passes that it had
                tables.pass(Duration.ofSeconds(10));
                done(one.beat());
            }
            assertThat(done(one.open(key("y"), opening().without("b"))))
                    .isEqualTo(new Refused(Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1)));
            done(one.beat());
            tables.pass(Duration.ofSeconds(5));
            if (full) {
                assertRefused(one, "y", Why.POOL_FULL);
            } else {
                fresh(one, "y", opening().without("b"));
                assertRefused(one, "z", Why.POOL_FULL);
            }
            assertThat(there).allMatch(binding -> binding.enter());
            assertThat(a).isEqualTo(there.get(0).instance());
        }
    }

    private static void assertRefused(RedisTable table, String id, Why why) {
        assertThat(done(table.open(key(id), opening().without("b"))))
                .isEqualTo(new Refused(why, Duration.ofSeconds(1)));
    }

    @Test
    void goesOnWhenTheScriptsWereForgotten() {
        ready(table, "a", 5);
        fresh(table, "x", opening());
        tables.redis.say("SCRIPT", "FLUSH");
        assertThat(done(table.open(key("x"), opening()))).isInstanceOf(Kept.class);
    }

    @Test
    void endsIdleSessionsByTheServersClock() {
        PoolConfig hasty = Pools.pool(
                new SessionsConfig(
                        10,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        SESSIONS.onLost(),
                        true,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        false),
                PlacementRule.PACK);
        RedisTable real = tables.atRealTime(hasty);
        tables.redis.say("FLUSHALL");
        ready(real, "a", 5);
        fresh(real, "x", opening());
        assertThat(done(real.list(POOL, 0, 10))).hasSize(1);
        while (!done(real.list(POOL, 0, 10)).isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(done(real.find(key("x")))).isEqualTo(Refused.because(Why.SESSION_EXPIRED));
        assertThat(real.sessions(POOL)).isZero();
    }

    private static Instance ready(RedisTable table, String id, int cap) {
        done(table.report(new Report.Ready(instance(id), cap)));
        return instance(id);
    }

    private static Binding fresh(RedisTable table, String id, Opening opening) {
        Placement placement = done(table.open(key(id), opening));
        assertThat(placement).isInstanceOf(Fresh.class);
        return binding(placement);
    }

    private static Binding binding(Placement placement) {
        return placement instanceof Fresh fresh ? fresh.binding() : ((Kept) placement).binding();
    }
}
