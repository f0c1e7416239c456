package dev.sandgate.affinity.memory;

/** What an {@link Agenda} holds. Guarded by the pool's lock. */
abstract sealed class Due permits LiveSession, HeldSlot, InstanceState {

    /** When to look at it, in nanoseconds of the table's clock. Changed by the agenda alone. */
    long dueAt;

    /** Where it stands in the agenda's heap; negative: nowhere. */
    int place = -1;
}
