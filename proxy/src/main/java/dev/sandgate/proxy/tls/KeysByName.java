package dev.sandgate.proxy.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Certificates as handshakes look for them: by the very name, then by a wildcard in the place of its first label, then
 * the usual ones. Never changes.
 */
final class KeysByName {

    /** A key in its place. Its alias names it and no other that its owner ever served. */
    record Held(String alias, CertifiedKey key) {

        boolean is(String type) {
            return key.key().getAlgorithm().equals(type);
        }

        X509Certificate[] chain() {
            return key.chain().toArray(X509Certificate[]::new);
        }
    }

    static final KeysByName NONE = new KeysByName(0, List.of(), List.of());

    private static final List<Held> NOTHING = List.of();

    private final List<Held> usual = new ArrayList<>();
    private final Map<String, List<Held>> byName = new HashMap<>();
    private final Map<String, Held> byAlias = new HashMap<>();

    /**
     * Of several for one name those go first that stand first, and of one group those that are good for the longest
     * time.
     *
     * @param generation unlike that of any other that the same owner served
     * @param usual for names that no other is for
     */
    KeysByName(long generation, List<CertifiedKey> usual, List<List<CertifiedKey>> groups) {
        for (CertifiedKey key : usual) {
            Held held = hold(generation, key);
            this.usual.add(held);
            name(held);
        }
        for (List<CertifiedKey> group : groups) {
            group.stream()
                    .sorted(Comparator.comparing(CertifiedKey::until).reversed())
                    .forEach(key -> name(hold(generation, key)));
        }
    }

    private Held hold(long generation, CertifiedKey key) {
        Held held = new Held(generation + "." + byAlias.size(), key);
        byAlias.put(held.alias, held);
        return held;
    }

    private void name(Held held) {
        for (String name : held.key.names()) {
            List<Held> same = byName.get(name);
            if (same == null) {
                byName.put(name, List.of(held));
            } else {
                List<Held> all = new ArrayList<>(same);
                all.add(held);
                byName.put(name, List.copyOf(all));
            }
        }
    }

    private List<Held> named(String name) {
        List<Held> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        int dot = name.indexOf('.');
        return dot < 0 ? NOTHING : byName.getOrDefault("*" + name.substring(dot), NOTHING);
    }

    /**
     * The one to serve; null: none.
     *
     * @param name lower case; empty: the client named none
     * @param type of the key, as the JDK calls it
     */
    @Nullable Held choose(String name, String type) {
        List<Held> named = named(name);
        for (Held held : named.isEmpty() ? usual : named) {
            if (held.is(type)) {
                return held;
            }
        }
        return null;
    }

    /** Whether there is one for this name. */
    boolean serves(String name) {
        return !usual.isEmpty() || !named(name).isEmpty();
    }

    /** Whether who names nobody is served the same as who names this. */
    boolean isUsual(String name) {
        List<Held> named = named(name);
        return named.isEmpty() || usual.contains(named.get(0));
    }

    @Nullable Held held(String alias) {
        return byAlias.get(alias);
    }

    Collection<Held> all() {
        return byAlias.values();
    }
}
