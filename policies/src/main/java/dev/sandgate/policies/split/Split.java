package dev.sandgate.policies.split;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.SplitConfig;
import dev.sandgate.conf.SplitConfig.By;
import dev.sandgate.conf.SplitConfig.Variant;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Draws the pool in which a new session of a route begins: one that the request picks by name, else by the percents. What
 * is drawn by a text falls the same on every node whose percents are the same. Any thread.
 */
public final class Split {

    /** The number of the route's own pool. */
    public static final int OWN = 0;

    private static final double ALL = 100;

    private final List<Pick> picks;
    private final double[] upTo;
    private final boolean byPrincipal;
    private final long salt;
    private final LongSupplier random;

    /**
     * A route's split.
     *
     * @param route its name: two routes draw differently for one id
     * @param random 64 bits each time, called by any thread
     */
    public Split(String route, SplitConfig config, LongSupplier random) {
        this.picks =
                config.variants().stream().map(Variant::picked).map(Pick::new).toList();
        this.upTo = bounds(config.variants());
        this.byPrincipal = config.by() == By.PRINCIPAL;
        this.salt = SessionKey.hash("split\n" + route);
        this.random = random;
    }

    // one after the other from 0, so that a variant that grows keeps what it had
    private static double[] bounds(List<Variant> variants) {
        double[] bounds = new double[variants.size()];
        double sum = 0;
        for (int at = 0; at < bounds.length; at++) {
            sum += variants.get(at).percent();
            bounds[at] = sum;
        }
        return bounds;
    }

    /**
     * The pool in which the session of a request begins that has none yet.
     *
     * @param caller who calls, which a policy or a trusted proxy told
     * @param chosen the id that the client has chosen for it; empty: an instance or we shall make one, or it has none
     * @return {@link #OWN}, or the number of a variant, counted from 1 in the config's order
     */
    public int draw(Seen request, Principal caller, Optional<SessionKey> chosen) {
        for (int at = 0; at < picks.size(); at++) {
            if (picks.get(at).fits(request, caller)) {
                return at + 1;
            }
        }
        double point = point(bits(caller, chosen));
        for (int at = 0; at < upTo.length; at++) {
            if (point < upTo[at]) {
                return at + 1;
            }
        }
        return OWN;
    }

    private long bits(Principal caller, Optional<SessionKey> chosen) {
        if (byPrincipal && caller.isSomebody()) {
            return SessionKey.mix(salt ^ SessionKey.hash(caller.name()));
        }
        if (chosen.isEmpty()) {
            return random.getAsLong();
        }
        // the same id of two callers is two sessions
        SessionKey key = chosen.get();
        return SessionKey.mix(SessionKey.mix(salt ^ key.idHash()) ^ SessionKey.hash(key.principal()));
    }

    /** From 0 to 100, the latter left out. */
    private static double point(long bits) {
        return (bits >>> 11) * 0x1.0p-53 * ALL;
    }
}
