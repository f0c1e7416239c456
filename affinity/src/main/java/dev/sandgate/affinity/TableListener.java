package dev.sandgate.affinity;

/** Hears what changed in the table. Called on any thread, outside every lock; must not block. */
public interface TableListener {

    /** A session is over. Requests of it that are under way should end. */
    default void ended(Binding binding, Ended why) {}

    /**
     * This node forgot a session that nobody used here for long. It may live on, and may be known here again: whatever was
     * kept beside it here can go.
     */
    default void forgotten(Binding binding) {}

    /** A slot of this pool may have become free. */
    default void freed(String pool) {}

    /** An instance changed its state. */
    default void changed(Member member) {}
}
