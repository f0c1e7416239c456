package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.kit.Pools;
import java.util.Set;
import java.util.function.Consumer;

/** One request without an id, whose instance makes one: reserve, connect, confirm, and only then is it told. */
final class WorldLesson {

    private static final double EXTENDS = 60;

    private final WorldPlan plan;
    private final World world;
    private final WorldNode node;
    private final SessionKey key;
    private final Consumer<SessionKey> tell;
    private Opening opening;

    /** @param tell hears of an id that clients may use from now on */
    WorldLesson(WorldPlan plan, WorldNode node, String id, String principal, Consumer<SessionKey> tell) {
        this.plan = plan;
        this.world = plan.world();
        this.node = node;
        this.key = new SessionKey(Pools.POOL, Source.MCP, id, principal);
        this.tell = tell;
        this.opening = new Opening(world.random.nextLong(), Set.of());
    }

    void go() {
        node.table
                .reserve(Pools.POOL, key.principal(), opening)
                .onFailure(node::expected)
                .onSuccess(placement -> {
                    if (placement instanceof Held held) {
                        connect(held.reservation());
                    }
                });
    }

    private void connect(Reservation held) {
        double whole = world.chance(0.15) ? world.between(100, 400) : world.between(0.5, 10);
        for (double at = EXTENDS; at < whole; at += EXTENDS) {
            node.after(at, () -> node.table.extend(held).onFailure(node::expected));
        }
        node.after(whole, () -> {
            boolean answers = plan.instances().stream().anyMatch(it -> it.answers(held.instance(), node.name));
            if (answers) {
                confirm(held);
            } else {
                node.miss(held.instance());
                node.table.release(held).onFailure(node::expected);
                if (opening.excluded().isEmpty()) {
                    opening = new Opening(
                            world.random.nextLong(), Set.of(held.instance().id()));
                    go();
                }
            }
        });
    }

    private void confirm(Reservation held) {
        if (plan.mutant() == WorldMutant.TOLD_BEFORE_KNOWN) {
            tell.accept(key);
        }
        node.table.confirm(held, key, Lease.USE).onFailure(node::expected).onSuccess(answer -> {
            if (answer instanceof Confirmation.Bound bound) {
                use(bound.binding());
                tell.accept(key);
            }
        });
    }

    private void use(Binding binding) {
        boolean answers = plan.instances().stream().anyMatch(it -> it.answers(binding.instance(), node.name));
        if (answers && binding.enter()) {
            plan.judge().served(node, binding, key.principal());
            node.after(world.between(0.5, 20), () -> {
                binding.leave();
                plan.judge().left(node, binding);
            });
        }
    }
}
