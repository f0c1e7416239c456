package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request with an id, on the way that a proxy goes: peek, ask, enter, connect, look once more, serve, leave. */
final class WorldVisit {

    private static final int TRIES = 4;

    private final WorldPlan plan;
    private final World world;
    private final WorldNode node;
    private final SessionKey key;
    private final Consumer<@Nullable Why> then;
    private Opening opening;
    private int tries;

    /** @param then hears why not; null: it was served */
    WorldVisit(WorldPlan plan, WorldNode node, SessionKey key, Consumer<@Nullable Why> then) {
        this.plan = plan;
        this.world = plan.world();
        this.node = node;
        this.key = key;
        this.then = then;
        this.opening = new Opening(world.random.nextLong(), Set.of());
    }

    SessionKey key() {
        return key;
    }

    WorldNode node() {
        return node;
    }

    void go() {
        plan.judge().tally.underWay++;
        if (node.table.peek(key) instanceof Kept kept && kept.binding().enter()) {
            connect(kept.binding(), false);
        } else {
            ask();
        }
    }

    private void ask() {
        boolean opens = key.source().clientChosen();
        Future<Placement> asked = opens ? node.table.open(key, opening) : node.table.find(key);
        asked.onFailure(node::expected).onSuccess(this::placed);
    }

    private void placed(Placement placement) {
        world.note("%s %s: %s", node.name, key.id(), word(placement));
        if (placement instanceof Kept kept) {
            enter(kept.binding(), false);
        } else if (placement instanceof Fresh fresh) {
            enter(fresh.binding(), true);
        } else {
            refuse(((Refused) placement).why());
        }
    }

    static String word(Placement placement) {
        if (placement instanceof Refused refused) {
            return refused.why().name();
        }
        Binding binding = placement instanceof Kept kept ? kept.binding() : ((Fresh) placement).binding();
        return placement.getClass().getSimpleName() + " " + binding.generation() + " "
                + binding.instance().id() + binding.instance().incarnation();
    }

    private void enter(Binding binding, boolean fresh) {
        if (binding.enter()) {
            connect(binding, fresh);
        } else {
            again();
        }
    }

    private void again() {
        if (++tries < TRIES) {
            // Another wish: what nobody heard of the last one is taken back.
            opening = new Opening(world.random.nextLong(), opening.excluded());
            ask();
        } else {
            refuse(Why.TABLE_UNAVAILABLE);
        }
    }

    private void connect(Binding binding, boolean fresh) {
        double way = world.chance(0.05) ? world.between(20, 120) : world.between(0.3, 2);
        node.after(way, () -> {
            boolean answers = plan.instances().stream().anyMatch(it -> it.answers(binding.instance(), node.name));
            if (!answers) {
                node.miss(binding.instance());
                elsewhere(binding, fresh);
            } else if (!binding.holds()) {
                binding.leave();
                again();
            } else {
                serve(binding);
            }
        });
    }

    private void serve(Binding binding) {
        plan.judge().served(node, binding, key.principal());
        then.accept(null);
        double whole = world.chance(0.03) ? world.between(200, 800) : world.between(0.5, 40);
        node.after(whole, () -> {
            binding.leave();
            plan.judge().left(node, binding);
            plan.judge().tally.underWay--;
        });
    }

    private void refuse(Why why) {
        plan.judge().tally.underWay--;
        then.accept(why);
    }

    private void elsewhere(Binding binding, boolean fresh) {
        if (!fresh || ++tries >= TRIES) {
            binding.leave();
            refuse(Why.NO_INSTANCE);
            return;
        }
        opening = opening.without(binding.instance().id());
        node.table.rebind(binding, opening).onFailure(node::expected).onSuccess(placement -> {
            binding.leave();
            if (placement instanceof Fresh) {
                placed(placement);
            } else {
                refuse(Why.NO_INSTANCE);
            }
        });
    }
}
