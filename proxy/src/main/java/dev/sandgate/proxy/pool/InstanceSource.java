package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.forward.Destination;
import io.vertx.core.Future;

/** Where a pool's instances come from, and how they are made and unmade. Any thread. */
interface InstanceSource {

    /** Hears of each new incarnation, before it is used. */
    @FunctionalInterface
    interface Finder {

        /** Tells how it is reached from now on. */
        Destination found(Instance instance, Destination.Shape shape);
    }

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

    /** Whether it makes an instance when a request waits for one. */
    boolean grows();

    /** How many it has started since the node began, and what became of them. */
    Starts starts();

    /** Unmakes what it made. */
    Future<Void> close();
}
