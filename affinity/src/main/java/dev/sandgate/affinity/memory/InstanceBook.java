package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.PlacementStrategy;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pool's instances: one current incarnation by id, and the incarnations that are over. Guarded by the pool's lock. */
final class InstanceBook {

    /** How many incarnations that are over are remembered, against reports that come late. */
    private static final int MOST_OVER = 10_000;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final PlacementStrategy strategy;
    private final List<InstanceState> current = new ArrayList<>();
    private final Map<String, InstanceState> byId = new HashMap<>();
    private final Set<Instance> over = new LinkedHashSet<>();

    /** What a strategy sees: no copy, and still it does not change under it, for the lock is held. */
    private final Fleet whole = new Fleet(new AbstractList<>() {
        @Override
        public Member get(int index) {
            return current.get(index).member();
        }

        @Override
        public int size() {
            return current.size();
        }
    });

    InstanceBook(PlacementStrategy strategy) {
        this.strategy = strategy;
    }

    /** The state of exactly this incarnation, if it is the current one. */
    @Nullable InstanceState current(Instance instance) {
        InstanceState found = byId.get(instance.id());
        return found != null && found.instance().equals(instance) ? found : null;
    }

    @Nullable InstanceState byId(String id) {
        return byId.get(id);
    }

    boolean isOver(Instance instance) {
        return over.contains(instance);
    }

    /** Enters a new incarnation, in its predecessor's place where there was one. */
    void enter(InstanceState state) {
        InstanceState predecessor = byId.put(state.instance().id(), state);
        if (predecessor == null) {
            current.add(state);
        } else {
            current.set(current.indexOf(predecessor), state);
        }
    }

    void remove(InstanceState state) {
        if (byId.remove(state.instance().id(), state)) {
            current.remove(state);
        }
    }

    /** Keeps a late report from bringing this incarnation back. */
    void bury(Instance instance) {
        over.add(instance);
        if (over.size() > MOST_OVER) {
            over.remove(over.iterator().next());
        }
    }

    /** An open instance, of which one slot counts as given from now on. */
    @Nullable InstanceState choose(long hash, Set<String> excluded) {
        Choice choice = strategy.choose(hash, candidates(excluded));
        if (!(choice instanceof Choice.Chosen chosen)) {
            return null;
        }
        InstanceState state = current(chosen.member().instance());
        if (state == null || !state.member().open()) {
            throw new IllegalStateException("the strategy chose an instance that is not open");
        }
        state.give();
        return state;
    }

    /** Why {@link #choose} found none. */
    Refused full(Set<String> excluded) {
        boolean anyServes = candidates(excluded).members().stream().anyMatch(Member::serves);
        return new Refused(anyServes ? Why.POOL_FULL : Why.NO_INSTANCE, ASK_AGAIN);
    }

    Fleet snapshot() {
        return new Fleet(List.copyOf(whole.members()));
    }

    private Fleet candidates(Set<String> excluded) {
        if (excluded.isEmpty()) {
            return whole;
        }
        return new Fleet(whole.members().stream()
                .filter(member -> !excluded.contains(member.instance().id()))
                .toList());
    }
}
