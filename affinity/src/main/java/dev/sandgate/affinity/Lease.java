package dev.sandgate.affinity;

/** How long a session may live while no node tells of it. */
public enum Lease {
    /** As its pool says: from its last use on. */
    USE,
    /** As long as one connection lives, which cannot be taken over: little longer than the node that has it. */
    STREAM
}
