package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.life;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.redis.TestTables.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.affinity.kit.Heard;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node goes by that has never seen a session and cannot ask. */
final class VouchedTest {

    private static final PoolConfig PYTHON = Pools.pool(SESSIONS, PlacementRule.LEAST_SESSIONS);
    private static final Refused AWAY = new Refused(Why.TABLE_UNAVAILABLE, Duration.ofSeconds(1));
    private static final SessionKey X = learned("x", "alice");

    private static TestTables tables;
    private RedisTable table;
    private RedisTable other;

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
        begin(PYTHON);
    }

    private void begin(PoolConfig pool) {
        table = tables.make(pool);
        other = tables.another(pool);
    }

    private Instance ready(Instance instance, int cap) {
        done(table.report(new Report.Ready(instance, cap)));
        done(other.beat());
        return instance;
    }

    private Binding opened(SessionKey key) {
        Placement placement = done(table.open(key, opening()));
        assertThat(placement).isInstanceOf(Fresh.class);
        return ((Fresh) placement).binding();
    }

    private static Vouch vouch(Binding binding) {
        return binding.vouch().orElseThrow();
    }

    @Test
    void leadsToTheHomeOfASessionThatTheNodeHasNeverSeen() {
        Instance a = ready(instance("a"), 1);
        Binding binding = opened(X);
        assertThat(other.peek(X)).isEqualTo(Placement.Ask.TABLE);
        Placement placement = other.vouched(X, vouch(binding));
        assertThat(placement).isInstanceOfSatisfying(Kept.class, kept -> {
            assertThat(kept.binding().instance()).isEqualTo(a);
            assertThat(kept.binding().generation()).isEqualTo(binding.generation());
            assertThat(kept.binding().enter()).isTrue();
        });
        assertThat(other.vouched(X, vouch(binding))).isEqualTo(placement);
        assertThat(other.peek(X)).as("the table has the last word").isEqualTo(Placement.Ask.TABLE);
        done(other.tellUses());
        assertThat(other.peek(X)).isEqualTo(placement);
        assertThat(done(table.list(POOL, 0, 10))).hasSize(1);
    }

    @Test
    void isOfNoUseToAnotherPrincipalNorForAnotherId() {
        ready(instance("a"), 5);
        Vouch vouch = vouch(opened(X));
        assertThat(other.vouched(learned("x", "mallory"), vouch)).isEqualTo(AWAY);
        assertThat(other.vouched(learned("y", "alice"), vouch)).isEqualTo(AWAY);
        Vouch forged = new Vouch(vouch.instance(), vouch.generation(), vouch.bornAt(), vouch.mark() + "x");
        assertThat(other.vouched(X, forged)).isEqualTo(AWAY);
    }

    @Test
    void leadsNowhereWhereTheInstanceHasBegunAnotherLife() {
        ready(instance("a"), 5);
        Vouch vouch = vouch(opened(X));
        ready(life("a", "2"), 5);
        assertThat(other.vouched(X, vouch)).isEqualTo(AWAY);
    }

    @Test
    void leadsNowhereWhereTheInstanceWasGivenUpAndCameBack() {
        begin(Pools.pool(Pools.lostAfter(SESSIONS, Duration.ZERO), PlacementRule.LEAST_SESSIONS));
        Instance a = ready(instance("a"), 5);
        Vouch vouch = vouch(opened(X));
        done(table.report(new Report.Unreachable(a)));
        done(other.report(new Report.Unreachable(a)));
        ready(a, 5);
        assertThat(other.instances(POOL).members()).hasSize(1);
        assertThat(other.vouched(X, vouch)).isEqualTo(AWAY);
    }

    @Test
    void leadsNowhereOnceTheSessionsLifetimeIsOver() {
        ready(instance("a"), 5);
        Vouch vouch = vouch(opened(X));
        tables.pass(SESSIONS.maxLifetime().minusMillis(1));
        assertThat(other.vouched(X, vouch)).isInstanceOf(Kept.class);
        tables.pass(Duration.ofMillis(1));
        assertThat(other.vouched(X, vouch)).isEqualTo(AWAY);
    }

    @Test
    void leadsNowhereForASessionThatThisNodeEnded() {
        ready(instance("a"), 5);
        Binding binding = opened(X);
        assertThat(done(other.end(X, binding.generation()))).isTrue();
        assertThat(other.vouched(X, vouch(binding))).isEqualTo(AWAY);
    }

    @Test
    void fillsNoInstanceBeyondItsCap() {
        ready(instance("a"), 1);
        Vouch idle = vouch(opened(X));
        tables.pass(Duration.ofMinutes(10));
        SessionKey second = learned("y", "alice");
        Vouch live = vouch(opened(second));
        done(other.beat());
        assertThat(other.vouched(second, live)).isInstanceOf(Kept.class);
        assertThat(other.vouched(X, idle)).isEqualTo(AWAY);
    }

    @Test
    void fillsNoInstanceBeyondItsCapWithWhatCameSinceTheTableCounted() {
        ready(instance("a"), 2);
        tables.pass(Duration.ofMillis(1));
        Vouch first = vouch(opened(X));
        SessionKey second = learned("y", "alice");
        Binding gone = opened(second);
        done(table.end(second, gone.generation()));
        SessionKey third = learned("z", "alice");
        Vouch live = vouch(opened(third));
        assertThat(other.vouched(X, first)).isInstanceOf(Kept.class);
        assertThat(other.vouched(third, live)).isInstanceOf(Kept.class);
        assertThat(other.vouched(second, vouch(gone))).isEqualTo(AWAY);
    }

    @Test
    void isOverruledByTheTable() {
        ready(instance("a"), 5);
        Binding binding = opened(X);
        assertThat(done(table.end(X, binding.generation()))).isTrue();
        Heard heard = new Heard();
        other.subscribe(heard);
        assertThat(other.vouched(X, vouch(binding)))
                .as("it has not heard of the end")
                .isInstanceOf(Kept.class);
        done(other.tellUses());
        assertThat(heard.news).containsExactly("ENDED x");
        assertThat(other.vouched(X, vouch(binding))).isEqualTo(AWAY);
    }
}
