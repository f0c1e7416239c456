package dev.sandgate.bench.load;

import dev.sandgate.bench.wire.Wires;
import java.util.List;

/** The doors, each asked in its turn. */
final class Doors {

    private final List<Wires> all;
    private int turn;

    Doors(List<Wires> all) {
        this.all = all;
    }

    Wires next() {
        turn = (turn + 1) % all.size();
        return all.get(turn);
    }

    void close() {
        all.forEach(Wires::close);
    }
}
