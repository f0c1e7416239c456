package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.forward.Copy.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The copies of requests that one loop has under way, a bounded number. Owns them; close it once. All on that loop. */
public final class Copies {

    /** Each holds a connection, and up to 256 KiB of its body. */
    private static final int AT_ONCE = 64;

    private final OutboundConnections connections;
    private final Set<Copy> underWay = new LinkedHashSet<>();

    public Copies(OutboundConnections connections) {
        this.connections = connections;
    }

    /** How a copy may end, as metrics say it, in the order of {@link Outcome}. */
    public static List<String> outcomes() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Sends a copy on its way.
     *
     * @param over called once, with how it ended
     * @return empty where it is not sent, or over already
     */
    public Optional<Copy> send(Copy.Head head, Destination to, Consumer<Outcome> over) {
        if (underWay.size() >= AT_ONCE) {
            over.accept(Outcome.SKIPPED);
            return Optional.empty();
        }
        Copy copy = new Copy(head, to, underWay::remove, over);
        underWay.add(copy);
        copy.begin(connections);
        return copy.isOver() ? Optional.empty() : Optional.of(copy);
    }

    /** Looks at the clock; about ten times a second. */
    public void tick(long nowNanos) {
        if (!underWay.isEmpty()) {
            List.copyOf(underWay).forEach(copy -> copy.tick(nowNanos));
        }
    }

    /** Breaks off what is under way. */
    public void close() {
        new ArrayList<>(underWay).forEach(Copy::cut);
    }
}
