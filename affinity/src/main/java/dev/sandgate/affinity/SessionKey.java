package dev.sandgate.affinity;

import java.util.Objects;

/**
 * The name of a session in the table. The principal is part of the name where the client chose the id; elsewhere two
 * keys that differ only in it are the same name, and the table checks it (a foreign session does not exist).
 *
 * @param pool the pool's name
 * @param source the kind of place the id came from
 * @param id opaque, 1 to 4096 visible ASCII characters; never logged
 * @param principal who calls, {@code <authenticator>:<issuer>|<subject>}; empty: nobody in particular
 */
public record SessionKey(String pool, Source source, String id, String principal) {

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionKey that
                && source == that.source
                && id.equals(that.id)
                && pool.equals(that.pool)
                && (!source.clientChosen() || principal.equals(that.principal));
    }

    @Override
    public int hashCode() {
        int named = 31 * id.hashCode() + pool.hashCode();
        return source.clientChosen() ? 31 * named + principal.hashCode() : named;
    }

    /** Names the pool and the source only: an id is a secret. */
    @Override
    public String toString() {
        return pool + "/" + source + "/#" + Integer.toHexString(Objects.hash(id, principal) & 0xffff);
    }
}
