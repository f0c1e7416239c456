package dev.sandgate.proxy.forward;

import dev.sandgate.affinity.Instance;
import dev.sandgate.conf.TimeoutsConfig;
import io.vertx.core.net.ClientSSLOptions;
import org.jspecify.annotations.Nullable;

/**
 * How one incarnation of an instance is reached. Compared by identity: connections made for one destination serve no
 * other.
 *
 * <p>Any thread.
 */
public final class Destination {

    /**
     * How an instance is reached, whichever incarnation it has.
     *
     * @param authority its own name, as {@code Host} says it
     * @param preservesHost whether the instance sees the client's {@code Host} instead
     * @param tls how its certificate is checked; null: clear text
     * @param tlsName the name in that certificate
     * @param timeouts how long things may take
     * @param connections open at once from one event loop, at least 1
     */
    public record Shape(
            String authority,
            boolean preservesHost,
            @Nullable ClientSSLOptions tls,
            String tlsName,
            TimeoutsConfig timeouts,
            int connections) {

        public Destination of(Instance instance, Reachability reachability) {
            return new Destination(instance, this, reachability);
        }
    }

    private final Instance instance;
    private final Shape shape;
    private final Reachability reachability;
    private volatile boolean suspected;

    private Destination(Instance instance, Shape shape, Reachability reachability) {
        this.instance = instance;
        this.shape = shape;
        this.reachability = reachability;
    }

    public Instance instance() {
        return instance;
    }

    Shape shape() {
        return shape;
    }

    /** Whether a connection to it failed since it last answered. */
    boolean isSuspected() {
        return suspected;
    }

    void missed() {
        suspected = true;
        reachability.missed(instance);
    }

    void reached() {
        suspected = false;
        reachability.reached(instance);
    }

    /** Hears whether an instance can be reached. Called on an event loop; must not block. */
    public interface Reachability {

        /** It answered a request, after it had been missed. */
        void reached(Instance instance);

        /** A connection was refused, timed out, or was reset under a request. */
        void missed(Instance instance);
    }
}
