package dev.sandgate.affinity;

/** What the world outside tells the table of an instance. A report on an incarnation that is not current is ignored. */
public sealed interface Report {

    /** Of which incarnation this is told. */
    Instance instance();

    /**
     * It exists and takes sessions. A new incarnation of a known id makes the old one gone. One that {@link Gone} or a
     * successor ended stays gone; one that was given up because nobody reached it comes back by this, empty.
     *
     * @param cap slots, at least 1
     * @param singleUse whether a slot that was once given is never given again: after {@code cap} of them this
     *     incarnation drains
     */
    record Ready(Instance instance, int cap, boolean singleUse) implements Report {

        /** One whose slots are given again and again. */
        public Ready(Instance instance, int cap) {
            this(instance, cap, false);
        }
    }

    /**
     * Somebody came upon it, perhaps not as the first: as {@link Ready} where the table does not have it; where it does,
     * only cap and use are taken over, and one that drains goes on draining.
     */
    record Found(Instance instance, int cap, boolean singleUse) implements Report {

        /** What it is to a table that does not have it. */
        public Ready ready() {
            return new Ready(instance, cap, singleUse);
        }
    }

    /** It refused or reset a connection. */
    record Unreachable(Instance instance) implements Report {}

    /** A connection to it was made. Ends what {@link Unreachable} began. */
    record Reachable(Instance instance) implements Report {}

    /** No new sessions; live ones go on. */
    record Draining(Instance instance) implements Report {}

    /** This incarnation is over: its sessions are lost, its slots are void. */
    record Gone(Instance instance) implements Report {}
}
