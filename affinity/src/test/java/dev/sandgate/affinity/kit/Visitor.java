package dev.sandgate.affinity.kit;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.life;
import static dev.sandgate.affinity.kit.Pools.opening;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Does everything that one can do with a table, in disorder, and keeps the instances' count. For one thread. */
public final class Visitor {

    private static final AtomicInteger LIVES = new AtomicInteger(1);

    private final AffinityTable table;
    private final Guests guests;
    private final Random random;

    public Visitor(AffinityTable table, Guests guests, long seed) {
        this.table = table;
        this.guests = guests;
        this.random = new Random(seed);
    }

    public void visit(int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> use(open(opening()));
                case 4 -> use(table.peek(key("s" + random.nextInt(60))));
                case 5, 6 -> end();
                case 7, 8 -> learn();
                case 9 -> undo();
                case 10 -> TableContract.await(table.beat());
                default -> restart();
            }
        }
    }

    private Placement open(Opening opening) {
        Placement placement = TableContract.await(table.open(key("s" + random.nextInt(60)), opening));
        if (placement instanceof Fresh fresh) {
            came(fresh.binding());
        }
        return placement;
    }

    private void use(Placement placement) {
        if (placement instanceof Kept kept) {
            use(kept.binding());
        } else if (placement instanceof Fresh fresh) {
            use(fresh.binding());
        }
    }

    private static void use(Binding binding) {
        if (binding.enter()) {
            binding.leave();
        }
    }

    private void end() {
        boolean chosen = random.nextBoolean();
        Placement placement =
                table.peek(chosen ? key("s" + random.nextInt(60)) : learned("l" + random.nextInt(40), ""));
        if (placement instanceof Kept kept) {
            leaves(kept.binding());
            TableContract.await(table.end(kept.binding().key(), kept.binding().generation()));
        }
    }

    private void learn() {
        Opening opening = opening();
        if (!(TableContract.await(table.reserve(POOL, "", opening)) instanceof Held held)) {
            return;
        }
        Reservation reservation = held.reservation();
        guests.came(reservation, reservation.instance());
        guests.leaves(reservation, reservation.instance());
        if (random.nextInt(3) == 0) {
            TableContract.await(table.release(reservation));
        } else if (TableContract.await(table.confirm(reservation, learned("l" + random.nextInt(40), ""), Lease.USE))
                instanceof Confirmation.Bound bound) {
            came(bound.binding());
            use(bound.binding());
        }
    }

    private void undo() {
        Opening opening = opening();
        if (!(open(opening) instanceof Fresh fresh)) {
            return;
        }
        if (random.nextBoolean()) {
            leaves(fresh.binding());
            if (TableContract.await(table.rebind(fresh.binding(), opening)) instanceof Fresh moved) {
                came(moved.binding());
            }
        } else {
            leaves(fresh.binding());
            TableContract.await(table.abandon(fresh.binding(), opening.requestId()));
        }
    }

    private void restart() {
        if (random.nextInt(50) == 0) {
            String id = "i" + random.nextInt(6);
            TableContract.await(table.report(new Report.Ready(life(id, "again" + LIVES.incrementAndGet()), 5)));
        }
    }

    private void came(Binding binding) {
        guests.came(binding, binding.instance());
    }

    private void leaves(Binding binding) {
        guests.leaves(binding, binding.instance());
    }
}
