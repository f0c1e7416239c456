package dev.sandgate.proxy.forward;

import dev.sandgate.affinity.Instance;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.TimeoutsConfig;
import io.vertx.core.Future;
import io.vertx.core.net.ClientSSLOptions;
import java.util.concurrent.atomic.LongAdder;
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

        /** In clear text, by its address alone. */
        public static Shape plain(String host, int port, PoolConfig pool) {
            String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
            boolean preserves = pool.host() == PoolConfig.HostRule.PRESERVE;
            return new Shape(name + ":" + port, preserves, null, host, pool.timeouts(), pool.connections());
        }

        public Destination of(Instance instance, Reachability reachability) {
            return new Destination(instance, this, reachability);
        }
    }

    private final Instance instance;
    private final Shape shape;
    private final Reachability reachability;
    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private volatile boolean suspected;

    private Destination(Instance instance, Shape shape, Reachability reachability) {
        this.instance = instance;
        this.shape = shape;
        this.reachability = reachability;
    }

    public Instance instance() {
        return instance;
    }

    /** Its own host and port, as {@code Host} says it. */
    public String authority() {
        return shape.authority();
    }

    /** Whether the instance sees the client's own {@code Host}. */
    public boolean preservesHost() {
        return shape.preservesHost();
    }

    /** The same instance on another of its ports. */
    public Destination onPort(int port) {
        String host = instance.host();
        Instance elsewhere = new Instance(instance.pool(), instance.id(), instance.incarnation(), host, port);
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        Shape other = new Shape(
                name + ":" + port,
                shape.preservesHost(),
                shape.tls(),
                shape.tlsName(),
                shape.timeouts(),
                shape.connections());
        return new Destination(elsewhere, other, new Beside(this));
    }

    Shape shape() {
        return shape;
    }

    /** Whether a connection to it failed since it last answered. */
    boolean isSuspected() {
        return suspected;
    }

    /** Whether it is reached by TLS. */
    public boolean isTls() {
        return shape.tls() != null;
    }

    /** A request asks for a connection to it. */
    void begin() {
        begun.increment();
    }

    /** The request has given it back, or needs none any more. */
    void end() {
        ended.increment();
    }

    /** How many requests were sent on their way here. */
    public long uses() {
        return begun.sum();
    }

    /** Whether a request is on its way here or back. */
    public boolean isUsed() {
        // the ends first: what begins between the two looks counts as under way
        long over = ended.sum();
        return begun.sum() > over;
    }

    /** As {@link Reachability#vouch}. */
    Future<Void> vouch() {
        return reachability.vouch(instance);
    }

    void missed(boolean hungUp) {
        suspected = true;
        reachability.missed(instance, hungUp);
    }

    void reached() {
        suspected = false;
        reachability.reached(instance);
    }

    /** Whoever listens on a port beside the instance's own says nothing of the instance. */
    private record Beside(Destination main) implements Reachability {

        @Override
        public void reached(Instance instance) {}

        @Override
        public void missed(Instance instance, boolean hungUp) {}

        @Override
        public Future<Void> vouch(Instance instance) {
            return main.vouch();
        }
    }

    /** Hears whether an instance can be reached, and knows which life of it is. Called on an event loop; must not block. */
    public interface Reachability {

        /** It answered a request, after it had been missed. */
        void reached(Instance instance);

        /**
         * It was not reached.
         *
         * @param hungUp whether it took a connection and then hung up under a request; else it took none
         */
        void missed(Instance instance, boolean hungUp);

        /**
         * Completes once it is known that a connection which is there already leads to this life of the instance; fails
         * where it leads to another. Has completed where nobody could tell them apart. On any thread.
         */
        Future<Void> vouch(Instance instance);
    }
}
