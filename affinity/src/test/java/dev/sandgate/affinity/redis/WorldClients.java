package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.kit.Pools;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clients of all nodes, which share ids: whoever knows one may come to any node with it, at any moment. */
final class WorldClients {

    private static final Set<Why> TOLD_THE_TRUTH =
            Set.of(Why.SESSION_LOST, Why.SESSION_EXPIRED, Why.SESSION_ENDED, Why.SESSION_ENDING, Why.POOL_FULL);
    /** Upon these a client begins anew with another id. */
    private static final Set<Why> FINAL =
            Set.of(Why.SESSION_LOST, Why.SESSION_EXPIRED, Why.SESSION_ENDED, Why.SESSION_UNKNOWN);

    private final WorldPlan plan;
    private final World world;
    private final List<SessionKey> chosen = new ArrayList<>();
    private final List<SessionKey> learned = new ArrayList<>();
    private int ids;

    WorldClients(WorldPlan plan) {
        this.plan = plan;
        this.world = plan.world();
        int slots = plan.instances().stream().mapToInt(it -> it.cap).sum();
        for (int at = 0; at < slots; at++) {
            chosen.add(choose());
        }
    }

    private SessionKey choose() {
        return new SessionKey(Pools.POOL, Source.HEADER, "x" + ++ids, principal());
    }

    private String principal() {
        return world.random.nextBoolean() ? "ann" : "bob";
    }

    /** Does so many steps. */
    void walk(int steps, double until) {
        if (steps == 0 || world.now() > until) {
            return;
        }
        List<WorldNode> open = plan.nodes().stream().filter(WorldNode::serves).toList();
        if (!open.isEmpty()) {
            step(open.get(world.random.nextInt(open.size())));
        }
        double pause = world.chance(0.6) ? world.between(0, 4) : world.between(10, 80);
        world.after(pause, () -> walk(steps - 1, until));
    }

    private void step(WorldNode node) {
        int dice = world.random.nextInt(100);
        if (dice < 65 || (learned.isEmpty() && dice < 82)) {
            visit(node, any(chosen));
        } else if (dice < 82) {
            visit(node, any(learned));
        } else if (dice < 90) {
            new WorldLesson(plan, node, "m" + ++ids, principal(), learned::add).go();
        } else if (dice < 96) {
            end(node, learned.isEmpty() || world.chance(0.7) ? any(chosen) : any(learned));
        } else if (!learned.isEmpty()) {
            comeAsAnother(node, any(learned));
        }
    }

    private SessionKey any(List<SessionKey> keys) {
        return keys.get(world.random.nextInt(keys.size()));
    }

    private void visit(WorldNode node, SessionKey key) {
        WorldTally tally = plan.judge().tally;
        double began = world.now();
        tally.requests++;
        tally.overlapping += tally.underWay > 0 ? 1 : 0;
        WorldVisit[] self = new WorldVisit[1];
        self[0] = new WorldVisit(plan, node, key, why -> {
            if (why != null) {
                plan.judge().refused(self[0], why);
            }
            if (plan.weather().settledSince(began)) {
                tally.inCalm++;
                if (why == null || TOLD_THE_TRUTH.contains(why)) {
                    tally.well++;
                } else {
                    world.note("in vain: %s %s", key.id(), why);
                }
            }
            giveUp(key, why);
        });
        self[0].go();
    }

    private void giveUp(SessionKey key, @Nullable Why why) {
        if (why != null && FINAL.contains(why) && world.chance(0.5)) {
            learned.remove(key);
            int at = chosen.indexOf(key);
            if (at >= 0) {
                chosen.set(at, choose());
            }
        }
    }

    private void comeAsAnother(WorldNode node, SessionKey key) {
        String other = key.principal().equals("ann") ? "bob" : "ann";
        SessionKey foreign = new SessionKey(key.pool(), key.source(), key.id(), other);
        WorldVisit[] self = new WorldVisit[1];
        self[0] = new WorldVisit(plan, node, foreign, why -> {
            if (why != null) {
                plan.judge().refusedStranger(self[0], why);
            }
        });
        self[0].go();
    }

    private void end(WorldNode node, SessionKey key) {
        Placement known = node.table.peek(key);
        Future<Placement> asked = known instanceof Kept ? Future.succeededFuture(known) : node.table.find(key);
        asked.onFailure(node::expected).onSuccess(placement -> {
            if (placement instanceof Kept kept) {
                world.note("%s ends %s %d", node.name, key.id(), kept.binding().generation());
                plan.judge().ends(key);
                node.table
                        .end(key, kept.binding().generation())
                        .onFailure(node::expected)
                        .onSuccess(done -> {
                            world.note("%s ended %s: %s", node.name, key.id(), done);
                            comeBack(key);
                        });
            }
        });
    }

    /** Whoever shares an id may not have heard of its end. */
    private void comeBack(SessionKey key) {
        for (WorldNode node : plan.nodes()) {
            if (world.chance(0.8)) {
                node.after(world.chance(0.5) ? world.between(0, 2) : world.between(3, 20), () -> {
                    if (node.serves()) {
                        visit(node, key);
                    }
                });
            }
        }
    }
}
