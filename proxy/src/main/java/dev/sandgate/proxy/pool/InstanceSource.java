package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.forward.Destination;
import io.vertx.core.Future;

/** Where a pool's instances come from, and how they are made and unmade. Any thread. */
interface InstanceSource {

    Future<Void> VOUCHED = Future.succeededFuture();

    /** Hears of each new incarnation, before it is used. */
    @FunctionalInterface
    interface Finder {

        /** Tells how it is reached from now on. */
        Destination found(Instance instance, Destination.Shape shape);
    }

    /**
     * How an instance is reached that the table knows and this source did not find: another node's own, or one whose
     * name leads elsewhere here.
     */
    Destination.Shape shape(Instance instance);

    /** Begins to find or make instances; completes when those that can be had at once are there. */
    Future<Void> start();

    /** An instance could not be reached. */
    void missed(Instance instance);

    /** The table gave an incarnation up. */
    void gone(Instance instance);

    /** Whether a place may come back by itself after its instance is over, so that it is worth knocking there. */
    boolean comesBack();

    /** Somebody answers again where an instance was that is over. */
    void returned(Instance instance);

    /**
     * Completes once what answers at its address from now on is known to be this life of it; fails where it is another.
     * Where nobody could tell the difference, it has completed already.
     */
    default Future<Void> vouch(Instance instance) {
        return VOUCHED;
    }

    /** Whether it makes an instance when a request waits for one. */
    boolean grows();

    /** How many it has started since the node began, and what became of them. */
    Starts starts();

    /** This node stops soon: what it made and others use takes no new sessions. */
    default void stopping() {}

    /** Unmakes what it made. */
    Future<Void> close();
}
