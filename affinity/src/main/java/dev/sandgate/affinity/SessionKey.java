package dev.sandgate.affinity;

import java.util.Comparator;
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
public record SessionKey(String pool, Source source, String id, String principal) implements Comparable<SessionKey> {

    private static final Comparator<SessionKey> ORDER = Comparator.comparing(SessionKey::id)
            .thenComparing(SessionKey::pool)
            .thenComparing(SessionKey::source)
            .thenComparing(key -> key.source.clientChosen() ? key.principal : "");

    /**
     * 64 well-mixed bits of a text, the same in every JVM and on every node: FNV-1a, then the finalizer of MurmurHash3.
     * Not secret, and no defence against somebody who chooses ids.
     */
    public static long hash(String text) {
        long bits = 0xcbf29ce484222325L;
        for (int at = 0; at < text.length(); at++) {
            bits = (bits ^ text.charAt(at)) * 0x100000001b3L;
        }
        return mix(bits);
    }

    /** Spreads every bit of a number over all 64; one to one. */
    public static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** The {@linkplain #hash hash} of the id: what placement goes by. */
    public long idHash() {
        return hash(id);
    }

    /** Whether this caller may see what stands under this name. Always so where the principal is part of the name. */
    public boolean ownedBy(String caller) {
        return principal.equals(caller);
    }

    /** Whether an operator means this one: by its id, and by its principal where that is told. */
    public boolean isNamedBy(SessionKey name) {
        return source == name.source
                && id.equals(name.id)
                && pool.equals(name.pool)
                && (name.principal.isEmpty() || principal.equals(name.principal));
    }

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

    /**
     * In no order that means anything, and in accord with {@link #equals}. Whoever chooses ids chooses their hashes too: by
     * this a hash map finds its way among those that are alike.
     */
    @Override
    public int compareTo(SessionKey other) {
        return ORDER.compare(this, other);
    }

    /** Names the pool and the source only: an id is a secret. */
    @Override
    public String toString() {
        return pool + "/" + source + "/#" + Integer.toHexString(Objects.hash(id, principal) & 0xffff);
    }
}
