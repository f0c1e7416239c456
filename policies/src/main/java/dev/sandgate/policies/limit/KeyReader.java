package dev.sandgate.policies.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Seen;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells under what a request counts. Any thread. */
final class KeyReader {

    /** How MCP 2026-07-28 writes a name that a field cannot carry as it is. */
    private static final String ENCODED = "=?base64?";

    private static final String ENCODED_END = "?=";

    private final Part[] parts;
    private final int prefix;

    KeyReader(PolicyConfig.Key key) {
        this.parts = key.parts().toArray(Part[]::new);
        this.prefix = key.ipv6Prefix();
    }

    /** Equal for requests that count together; null: it does not count. */
    @Nullable Object read(Seen seen) {
        Object key = read(parts[0], seen);
        for (int at = 1; at < parts.length && key != null; at++) {
            Object next = read(parts[at], seen);
            key = next == null ? null : new JoinedKey(key, next);
        }
        return key;
    }

    /** The same but for the session; {@link BudgetBook#ALL} where the key is nothing else. */
    @Nullable Object besideSession(Seen seen) {
        Object key = BudgetBook.ALL;
        for (int at = 0; at < parts.length && key != null; at++) {
            if (parts[at] != Part.SESSION) {
                Object next = read(parts[at], seen);
                key = next == null ? null : key == BudgetBook.ALL ? next : new JoinedKey(key, next);
            }
        }
        return key;
    }

    private @Nullable Object read(Part part, Seen seen) {
        return switch (part) {
            case IP -> Network.of(seen.client(), prefix);
            case PRINCIPAL -> BriefText.of(seen.principal().name());
            case TENANT -> BriefText.of(seen.principal().tenant());
            case SESSION -> session(seen.session());
            case ROUTE -> seen.route();
            case POOL -> seen.pool();
            case MCP_NAME -> name(seen.field("mcp-name"));
        };
    }

    /** A session as part of a key: never longer than what is remembered of it may be. */
    static @Nullable SessionKey session(@Nullable SessionKey key) {
        if (key == null) {
            return null;
        }
        String id = BriefText.of(key.id());
        return id.equals(key.id()) ? key : new SessionKey(key.pool(), key.source(), id, key.principal());
    }

    /** One name has many encodings, and must not have as many limits. */
    private static @Nullable String name(@Nullable String value) {
        if (value == null || !value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
            return value == null ? null : BriefText.of(value);
        }
        try {
            int end = Math.max(ENCODED.length(), value.length() - ENCODED_END.length());
            byte[] name = Base64.getDecoder().decode(value.substring(ENCODED.length(), end));
            return BriefText.of(new String(name, UTF_8));
        } catch (IllegalArgumentException undecodable) {
            return BriefText.of(value);
        }
    }
}
