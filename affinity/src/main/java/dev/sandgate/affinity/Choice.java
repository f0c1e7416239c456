package dev.sandgate.affinity;

/** What a placement strategy answers. */
public sealed interface Choice {

    /** This one. */
    record Chosen(Member member) implements Choice {}

    /** No member is open. */
    enum None implements Choice {
        FULL
    }
}
