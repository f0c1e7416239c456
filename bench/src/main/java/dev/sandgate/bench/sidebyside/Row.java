package dev.sandgate.bench.sidebyside;

import java.util.Map;
import java.util.Optional;

/**
 * A contender in the table.
 *
 * @param version as its program told it; may be empty
 * @param figures none of a column where nothing was found
 * @param failed requests, over all heats
 * @param broken promises, over all heats: wrong instance, lost state and the like
 */
record Row(String name, String version, Map<Column, Spread> figures, long failed, long broken) {

    /** Of one column; empty where nothing was found. */
    Optional<Spread> figure(Column column) {
        return Optional.ofNullable(figures.get(column));
    }
}
