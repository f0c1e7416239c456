package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import java.util.List;
import java.util.Optional;

/**
 * One session for whoever comes.
 *
 * @param id 1 to 1,024 visible ASCII characters; a secret
 * @param principal whose it is; empty: nobody's in particular
 * @param kind of the place from which others bring the id, one of {@link #KINDS}; empty: the first of the route that
 *     takes ids from clients, else a header
 */
public record SharedSession(String id, String principal, Optional<Source> kind) {

    /** Where clients make ids. */
    public static final List<Source> KINDS = List.of(Source.HEADER, Source.QUERY, Source.PATH, Source.HOST);

    /** Whether an id may be shared. */
    public static boolean isWellFormed(String id) {
        return SessionIds.isWellFormed(id);
    }

    /** Without the id. */
    @Override
    public String toString() {
        return "SharedSession[" + principal + ", " + kind + "]";
    }
}
