package dev.sandgate.proxy.inbound;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** The fields of a message head that mean something to an intermediary; every other is {@link #OTHER}. */
public enum Field {
    // Between two neighbours only (RFC 9110 section 7.6.1): never forwarded, re-made where needed.
    CONNECTION(Trait.HOP),
    KEEP_ALIVE(Trait.HOP),
    PROXY_CONNECTION(Trait.HOP),
    PROXY_AUTHENTICATE(Trait.HOP),
    PROXY_AUTHORIZATION(Trait.HOP),
    PROXY_AUTHENTICATION_INFO(Trait.HOP),
    TE(Trait.HOP),
    TRAILER(Trait.HOP),
    TRANSFER_ENCODING(Trait.HOP, Trait.ONCE),
    UPGRADE(Trait.HOP),
    HTTP2_SETTINGS(Trait.HOP),
    // Ours to set.
    HOST(Trait.OURS, Trait.ONCE),
    EXPECT(Trait.OURS, Trait.ONCE),
    MAX_FORWARDS(Trait.OURS, Trait.ONCE),
    FORWARDED(Trait.OURS),
    X_FORWARDED_FOR(Trait.OURS),
    X_FORWARDED_HOST(Trait.OURS),
    X_FORWARDED_PROTO(Trait.OURS),
    X_FORWARDED_PORT(Trait.OURS),
    X_FORWARDED_PREFIX(Trait.OURS),
    X_REAL_IP(Trait.OURS),
    X_FORWARDED_CLIENT_CERT(Trait.OURS),
    X_REQUEST_ID(Trait.OURS),
    VIA(Trait.OURS),
    X_SANDGATE_INSTANCE(Trait.OURS),
    X_SANDGATE_REASON(Trait.OURS),
    X_SANDGATE_MIRROR(Trait.OURS),
    // Twice, they can be read in two ways.
    CONTENT_LENGTH(Trait.ONCE),
    CONTENT_TYPE(Trait.ONCE),
    AUTHORIZATION(Trait.ONCE),
    ORIGIN(Trait.ONCE),
    MCP_SESSION_ID(Trait.ONCE),
    OTHER;

    private enum Trait {
        HOP,
        OURS,
        ONCE
    }

    private static final int TABLE = 256;
    private static final Field[] BY_HASH = new Field[TABLE];

    static {
        Arrays.fill(BY_HASH, OTHER);
        for (Field field : values()) {
            if (field != OTHER) {
                int at = field.lower.hashCode() & (TABLE - 1);
                while (BY_HASH[at] != OTHER) {
                    at = (at + 1) & (TABLE - 1);
                }
                BY_HASH[at] = field;
            }
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes into its bytes
    private final AsciiString lower;

    private final boolean hop;
    private final boolean ours;
    private final boolean once;
    private final long bit;

    @SuppressWarnings("EnumOrdinal") // any numbering will do, as long as it is dense
    Field(Trait... traits) {
        this.lower = AsciiString.of(name().toLowerCase(Locale.ROOT).replace('_', '-'));
        var set = Set.of(traits);
        this.hop = set.contains(Trait.HOP);
        this.ours = set.contains(Trait.OURS);
        this.once = set.contains(Trait.ONCE);
        this.bit = 1L << ordinal();
    }

    /** The field of this name, whatever its case. No allocation. */
    public static Field of(CharSequence name) {
        int at = AsciiString.hashCode(name) & (TABLE - 1);
        Field field;
        while ((field = BY_HASH[at]) != OTHER) {
            if (field.lower.length() == name.length() && field.lower.contentEqualsIgnoreCase(name)) {
                return field;
            }
            at = (at + 1) & (TABLE - 1);
        }
        return OTHER;
    }

    /** Between two neighbours only; never forwarded. */
    public boolean hop() {
        return hop;
    }

    /** Set by us on what we forward; the sender's own is dropped or believed by rule. */
    public boolean ours() {
        return ours;
    }

    /** May stand once in a head. */
    public boolean once() {
        return once;
    }

    /** One bit, unlike every other field's: to note which were seen. */
    public long bit() {
        return bit;
    }

    /** Lower case, as in HTTP/2. */
    public AsciiString lower() {
        return lower;
    }
}
