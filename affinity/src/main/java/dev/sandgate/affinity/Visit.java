package dev.sandgate.affinity;

import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The wish of a request without a session: an instance that serves, and no slot of it. */
final class Visit extends Wish {

    private final AffinityTable table;
    private final String pool;

    Visit(AffinityTable table, String pool, Consumer<Wish> withdrawn) {
        super(table, new Opening(0, Set.of()), withdrawn);
        this.table = table;
        this.pool = pool;
    }

    @Override
    Future<Placement> question() {
        boolean serves =
                table.instances(pool).members().stream().anyMatch(member -> member.state() == Member.State.READY);
        return Future.succeededFuture(
                serves ? Placement.Awake.POOL : new Refused(Why.NO_INSTANCE, AdmissionQueue.RETRY_AFTER));
    }

    @Override
    Optional<SessionKey> key() {
        return Optional.empty();
    }

    @Override
    boolean needsSlot() {
        return false;
    }
}
