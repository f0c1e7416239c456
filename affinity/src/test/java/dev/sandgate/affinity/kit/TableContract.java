package dev.sandgate.affinity.kit;

import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.AffinityTable;
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
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;

/** How a test of any table makes one, and the short words it speaks to it with. */
public abstract class TableContract {

    protected AffinityTable table;
    protected Heard heard;

    @BeforeEach
    final void begin() {
        use(SESSIONS);
    }

    /** A new, empty table of this one pool. */
    protected abstract AffinityTable make(PoolConfig pool);

    /** Lets time pass, for every table made. */
    protected abstract void advance(Duration by);

    protected final void use(SessionsConfig sessions) {
        table = make(pool(sessions, PlacementRule.LEAST_SESSIONS));
        heard = new Heard();
        table.subscribe(heard);
    }

    protected final Instance ready(String id, int cap) {
        return ready(Pools.instance(id), cap);
    }

    protected final Instance ready(Instance instance, int cap) {
        await(table.report(new Report.Ready(instance, cap)));
        return instance;
    }

    protected final Binding fresh(SessionKey key, Opening opening) {
        Placement placement = await(table.open(key, opening));
        assertThat(placement).isInstanceOf(Fresh.class);
        return ((Fresh) placement).binding();
    }

    protected final Binding fresh(String id) {
        return fresh(Pools.key(id), Pools.opening());
    }

    protected final Binding kept(SessionKey key) {
        Placement placement = await(table.open(key, Pools.opening()));
        assertThat(placement).isInstanceOf(Kept.class);
        return ((Kept) placement).binding();
    }

    protected final Reservation held(Opening opening) {
        Placement placement = await(table.reserve(Pools.POOL, "", opening));
        assertThat(placement).isInstanceOf(Held.class);
        return ((Held) placement).reservation();
    }

    protected final Binding bound(Reservation reservation, SessionKey key) {
        Confirmation confirmation = await(table.confirm(reservation, key, Lease.USE));
        assertThat(confirmation).isInstanceOf(Confirmation.Bound.class);
        return ((Confirmation.Bound) confirmation).binding();
    }

    protected final Refused refused(Future<Placement> answer) {
        Placement placement = await(answer);
        assertThat(placement).isInstanceOf(Refused.class);
        return (Refused) placement;
    }

    protected final void assertRefused(Future<Placement> answer, Why why) {
        assertThat(refused(answer).why()).isEqualTo(why);
    }

    protected final void assertFind(SessionKey key, Why why) {
        assertRefused(table.find(key), why);
    }

    protected final Member member(String id) {
        return table.instances(Pools.POOL).members().stream()
                .filter(member -> member.instance().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    protected final int used(String id) {
        return member(id).used();
    }

    /** One request from its beginning to its end. */
    protected static void request(Binding binding) {
        assertThat(binding.enter()).isTrue();
        binding.leave();
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            throw new AssertionError(failure.getCause());
        }
    }
}
