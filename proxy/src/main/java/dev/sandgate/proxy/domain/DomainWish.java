package dev.sandgate.proxy.domain;

import dev.sandgate.affinity.Source;
import dev.sandgate.policies.auth.StrictJson;
import dev.sandgate.proxy.identify.SharedSession;
import dev.sandgate.proxy.tls.CertifiedKey;
import dev.sandgate.proxy.tls.FlawedKey;
import dev.sandgate.proxy.tls.KeyReader;
import dev.sandgate.proxy.tls.PemText;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants a domain to be. Strict; what is refused never holds a secret.
 *
 * @param record without a certificate
 * @param certificate chain and key as the operator sent them; empty: none
 */
public record DomainWish(DomainRecord record, Optional<Pem> certificate) {

    /** Bytes of a body that says it. */
    public static final int MOST_BYTES = 48 * 1024;

    private static final List<String> KEYS =
            List.of("route", "pool", "session", "principal", "source", "certificate", "acme");
    private static final int LONGEST_PRINCIPAL = 1024;

    /**
     * A certificate with its key, both in PEM.
     *
     * @param chain leaf first
     */
    public record Pem(String chain, String key) {

        /** @throws FlawedKey which of the two cannot be used, and why */
        CertifiedKey read() throws FlawedKey {
            return KeyReader.pem(new PemText("certificate.chain", chain), new PemText("certificate.key", key));
        }

        Buffer written() {
            return new JsonObject().put("chain", chain).put("key", key).toBuffer();
        }

        /** @throws RuntimeException where it is none */
        static Pem read(Buffer value) {
            JsonObject told = value.toJsonObject();
            return new Pem(told.getString("chain"), told.getString("key"));
        }

        /** Neither of them. */
        @Override
        public String toString() {
            return "Pem";
        }
    }

    /**
     * Reads a body.
     *
     * @throws DomainRefused where it cannot be one
     */
    public static DomainWish read(Buffer body) {
        Map<String, @Nullable Object> said = object(body);
        only("", said, KEYS);
        Optional<String> route = text("", said, "route");
        Optional<String> pool = text("", said, "pool");
        if (route.isPresent() == pool.isPresent()) {
            throw DomainRefused.unfit("route, pool: "
                    + (route.isPresent() ? "both are said" : "neither is said")
                    + " (expected: one of them)");
        }
        boolean ordered = said.containsKey("acme");
        if (ordered && !Boolean.TRUE.equals(said.get("acme"))) {
            throw DomainRefused.unfit("acme: unfit (expected: true, or nothing)");
        }
        Optional<Pem> certificate = certificate(said);
        if (ordered && certificate.isPresent()) {
            throw DomainRefused.unfit("certificate, acme: both are said (expected: one of them, or neither)");
        }
        DomainRecord record = new DomainRecord(
                pool.isPresent(), pool.or(() -> route).orElseThrow(), session(said), Optional.empty(), ordered);
        return new DomainWish(record, certificate);
    }

    // what a parser says would hold some of the body
    private static Map<String, @Nullable Object> object(Buffer body) {
        try {
            return StrictJson.object(body.getBytes());
        } catch (IOException unreadable) {
            throw DomainRefused.unfit("The body is unfit (expected: a JSON object, no key twice)");
        }
    }

    private static void only(String path, Map<String, ?> said, List<String> known) {
        for (String key : said.keySet()) {
            if (!known.contains(key)) {
                throw DomainRefused.unfit("The body has an unknown key" + (path.isEmpty() ? "" : " in " + path)
                        + " (expected: only " + String.join(", ", known) + ")");
            }
        }
    }

    private static Optional<String> text(String path, Map<String, ?> said, String key) {
        if (!said.containsKey(key)) {
            return Optional.empty();
        }
        if (!(said.get(key) instanceof String text) || text.isEmpty()) {
            throw DomainRefused.unfit(path + key + ": unfit (expected: a text that is not empty)");
        }
        return Optional.of(text);
    }

    private static Optional<SharedSession> session(Map<String, @Nullable Object> said) {
        Optional<String> id = text("", said, "session");
        Optional<String> principal = text("", said, "principal");
        Optional<String> source = text("", said, "source");
        if (id.isEmpty() && (principal.isPresent() || source.isPresent())) {
            throw DomainRefused.unfit(
                    (principal.isPresent() ? "principal" : "source") + ": without a session (expected: beside one)");
        }
        if (id.isPresent() && !SharedSession.isWellFormed(id.get())) {
            throw DomainRefused.unfit("session: unfit (expected: 1 to 1024 visible ASCII characters)");
        }
        if (principal.isPresent() && !isPrincipal(principal.get())) {
            throw DomainRefused.unfit("principal: unfit (expected: 1 to " + LONGEST_PRINCIPAL
                    + " characters, as in \"jwt:https://id.example.com|alice\")");
        }
        return id.map(known -> new SharedSession(known, principal.orElse(""), source.map(DomainWish::kind)));
    }

    private static boolean isPrincipal(String text) {
        return text.length() <= LONGEST_PRINCIPAL && text.chars().noneMatch(c -> c < 0x20 || c == 0x7F);
    }

    private static Source kind(String word) {
        return SharedSession.KINDS.stream()
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> DomainRefused.unfit("source: unfit (expected: one of header, query, path, host)"));
    }

    private static Optional<Pem> certificate(Map<String, @Nullable Object> said) {
        if (!said.containsKey("certificate")) {
            return Optional.empty();
        }
        if (!(said.get("certificate") instanceof Map<?, ?> both)) {
            throw DomainRefused.unfit("certificate: unfit (expected: an object with chain and key, in PEM)");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> parts = (Map<String, Object>) both;
        only("certificate", parts, List.of("chain", "key"));
        return Optional.of(new Pem(part(parts, "chain"), part(parts, "key")));
    }

    private static String part(Map<String, Object> parts, String key) {
        return text("certificate.", parts, key)
                .orElseThrow(() -> DomainRefused.unfit("certificate." + key + ": missing (expected: PEM)"));
    }
}
