package dev.sandgate.affinity;

import java.time.Duration;

/** What an operator finds under a session's id. */
public sealed interface Sighting {

    /**
     * One that lives.
     *
     * @param binding as {@link AffinityTable#list} tells it
     */
    record Live(Binding binding) implements Sighting {}

    /**
     * One that is over, and remembered.
     *
     * @param key under which it stood; its id and principal only where this node knows them
     * @param alias see {@link Binding#alias}
     * @param home where it lived
     * @param generation of its last life
     * @param left of its lease; zero: it had lapsed
     * @param remembered from now on
     */
    record Over(
            SessionKey key, String alias, Ended why, Instance home, long generation, Duration left, Duration remembered)
            implements Sighting {}
}
