package dev.sandgate.affinity;

import io.vertx.core.Future;

/** A request's wish for a slot, granted at once or waiting in its pool's {@link AdmissionQueue}. Safe from any thread. */
public interface Waiting {

    /**
     * What became of it, on any thread. {@link Placement.Why#WITHDRAWN} after {@link #cancel}; failed only where the
     * table's own answer failed.
     */
    Future<Placement> placement();

    /**
     * Withdraws it, since its client has gone. A slot that is granted in the same moment goes back.
     *
     * @return false where the answer was there already: then it stands, and its slot is the receiver's to give back
     */
    boolean cancel();
}
