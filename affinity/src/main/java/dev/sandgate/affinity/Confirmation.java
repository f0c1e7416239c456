package dev.sandgate.affinity;

/** What became of a reservation whose session's id was learned. */
public sealed interface Confirmation {

    /** The slot is the session's now. */
    record Bound(Binding binding) implements Confirmation {}

    /** The id lives elsewhere already; the slot is free again. */
    record TakenBy(Instance other) implements Confirmation {}

    /** The lease had run out, and the slot was given away meanwhile. */
    enum Lost implements Confirmation {
        LAPSED
    }
}
