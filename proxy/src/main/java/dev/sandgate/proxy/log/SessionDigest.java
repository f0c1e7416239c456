package dev.sandgate.proxy.log;

import dev.sandgate.affinity.SessionKey;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name under which a session is shown, since its id is a secret: 16 hexadecimal digits, a SHA-256 cut to 8 bytes. Of
 * what the nodes of its table call it, so that it is the same on all of them; where the table is this node's own, of all
 * that tells it from other sessions, and a salt. One thread; no garbage but {@link #shown}'s text.
 */
public final class SessionDigest {

    /** Bytes of the name. */
    public static final int BYTES = 8;

    private final byte[] salt;
    private final MessageDigest digest;
    private final byte[] hash = new byte[32];

    /** @param salt random, one for each start of a node: makes a session findable, and its id not */
    public SessionDigest(byte[] salt) {
        this.salt = salt.clone();
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /**
     * The name's bytes, the first {@link #BYTES} of an array that the next call fills anew.
     *
     * @param alias see {@link dev.sandgate.affinity.Binding#alias}
     */
    public byte[] of(SessionKey key, String alias) {
        if (alias.isEmpty()) {
            digest.update(salt);
            add(key.source().name());
            add(key.pool());
            add(key.id());
            add(key.principal());
        } else {
            // a keyed hash already: whoever may not know the id does not learn it from this
            add(key.pool());
            add(alias);
        }
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
        return hash;
    }

    /** The name as text. */
    public String shown(SessionKey key, String alias) {
        return HexFormat.of().formatHex(of(key, alias), 0, BYTES);
    }

    // What is visible ASCII holds no zero byte: no two lists of parts are the same bytes.
    private void add(String part) {
        for (int at = 0; at < part.length(); at++) {
            digest.update((byte) part.charAt(at));
        }
        digest.update((byte) 0);
    }
}
