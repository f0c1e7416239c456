package dev.sandgate.policies.limit;

import dev.sandgate.affinity.SessionKey;

/** Keys as texts: two that are equal as one text, the same on every node, and no two others. */
final class KeyText {

    private KeyText() {}

    static String of(Object key) {
        StringBuilder text = new StringBuilder();
        write(key, text);
        return text.toString();
    }

    private static void write(Object key, StringBuilder text) {
        if (key instanceof JoinedKey joined) {
            write(joined.first(), text);
            write(joined.second(), text);
        } else if (key instanceof SessionKey session) {
            part(session.pool(), text);
            part(session.source().name(), text);
            part(session.id(), text);
            part(session.source().clientChosen() ? session.principal() : "", text);
        } else {
            part(key.toString(), text);
        }
    }

    /** Each with its length: no two lists of parts read the same. */
    private static void part(String part, StringBuilder text) {
        text.append(part.length()).append(':').append(part);
    }
}
