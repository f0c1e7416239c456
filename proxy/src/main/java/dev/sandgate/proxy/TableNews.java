package dev.sandgate.proxy;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.proxy.forward.Errand;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.request.Farewells;
import dev.sandgate.proxy.request.Lane;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Passes what the table tells on to those who hold something of it. Any thread. */
final class TableNews implements TableListener {

    private final List<Lane> lanes;
    private final Function<String, Pool> pools;
    private final Farewells farewells;
    private final Consumer<SessionKey> policies;

    /**
     * News for a node's parts.
     *
     * @param lanes as many as there are by now; more may come
     * @param pools by name
     * @param policies hear of each session that is over, or no longer known here
     */
    TableNews(List<Lane> lanes, Function<String, Pool> pools, Farewells farewells, Consumer<SessionKey> policies) {
        this.lanes = lanes;
        this.pools = pools;
        this.farewells = farewells;
        this.policies = policies;
    }

    @Override
    public void ended(Binding binding, Ended why) {
        lanes.forEach(lane -> lane.sessionOver(binding, why));
        policies.accept(binding.key());
        farewells.over(binding, why).ifPresent(message -> tellInstance(binding, message));
    }

    private void tellInstance(Binding binding, Errand.Message message) {
        Lane lane = lanes.get(Math.floorMod(binding.key().hashCode(), lanes.size()));
        pools.apply(binding.key().pool()).destination(binding.instance()).ifPresent(to -> lane.send(message, to));
    }

    @Override
    public void forgotten(Binding binding) {
        policies.accept(binding.key());
        farewells.forget(binding.key());
    }

    @Override
    public void changed(Member member) {
        pools.apply(member.instance().pool()).changed(member);
        if (member.state() == Member.State.GONE) {
            lanes.forEach(lane -> lane.retire(member.instance()));
        }
    }
}
