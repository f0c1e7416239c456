package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file in {@code broken/} has one thing wrong, named by the file; the text beside it is what an operator is told.
 */
final class BrokenFilesTest {

    private static final Path FOLDER =
            Path.of("src/test/resources/broken").toAbsolutePath().normalize();

    private static final String SECRET = "planted-secret";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("SECRET", SECRET, "DIGITS", "99999", "PLANNED", "replay", "URL", "http://" + SECRET + "/x");

    /** A schema is about values: bytes, doubled keys and what follows the last brace are beyond it. */
    private static final Set<String> READER_ONLY_TEXT =
            Set.of("top-key-twice", "syntax-two-documents", "file-latin1", "file-utf16");

    /** What other values, the machine or the arithmetic of units decide. */
    private static final Set<String> READER_ONLY = Set.of(
            // two values against each other
            "acme-domain-twice",
            "admin-on-a-listeners-port",
            "admin-open-to-others",
            "affinity-twice",
            "affinity-twice-cookie",
            "affinity-twice-mcp",
            "affinity-twice-path",
            "affinity-twice-principal",
            "api-key-in-both-places",
            "api-key-twice",
            "authenticate-after-a-key",
            "authenticate-after-scopes",
            "authenticate-by-keys-twice",
            "authenticate-not-there-for-a-class",
            "authenticate-not-there-for-a-rule",
            "authenticate-not-there-for-a-tenant",
            "authenticate-twice",
            "breaker-least-over-window",
            "cookie-key-id-twice",
            "cors-age-long",
            "cors-star-and-more",
            "cors-star-of-an-address",
            "cors-star-with-credentials",
            "fallback-places-by-hash",
            "fallback-pool-falls-back",
            "fallback-pool-unknown",
            "fallback-to-itself",
            "hash-of-learned-ids",
            "header-twice",
            "host-source-not-routed",
            "host-source-port-after-session",
            "host-source-port-without-ports",
            "host-twice",
            "jwt-issuer-twice",
            "listeners-on-one-port",
            "listeners-under-a-wildcard",
            "mcp-origin-twice-in-other-spelling",
            "mcp-sse-path-not-routed",
            "mirror-pool-unknown",
            "mirror-to-itself",
            "mirror-to-one-that-recycles",
            "outage-hash",
            "outage-hash-of-others-ids",
            "outage-hash-with-recycle",
            "path-source-not-routed",
            "path-twice",
            "policy-kind-in-quotes",
            "policy-named-twice",
            "policy-not-there",
            "policy-not-there-at-all",
            "ports-reversed",
            "principal-header-beside-authenticate",
            "principal-without-proxies",
            "node-lacks-address-for-processes",
            "node-not-there-for-processes",
            "process-min-over-max",
            "process-with-ports",
            "rate-limit-burst-over-permits",
            "rate-limit-fleet-in-memory",
            "recycle-static",
            "redis-cookie-without-keys",
            "redis-key-id-twice",
            "redis-trust-without-tls",
            "redis-two-schemes",
            "redis-url-twice",
            "route-hidden",
            "route-name-twice",
            "route-pool-unknown",
            "sessions-life-under-idle",
            "split-over-a-hundred",
            "split-pool-twice",
            "split-pool-unknown",
            "split-to-itself",
            "sessions-unused-over-default-idle",
            "sessions-unused-over-idle",
            "trusted-header-without-proxies",
            "client-certificate-nobody-asks",
            "redirect-with-tls",
            "tls-nothing",
            "url-in-two-pools",
            "url-twice-in-other-spelling",
            // the machine's files and environment
            "acme-authorities-not-there",
            "admin-token-short-from-outside",
            "api-key-file-an-object",
            "api-key-file-broken",
            "api-key-file-not-there",
            "cookie-secret-not-there",
            "cookie-secret-short-from-outside",
            "instances-trust-not-there",
            "jwt-keys-file-not-there",
            "process-cwd-not-there",
            "process-program-not-there",
            "state-a-file",
            "reference-file-not-there",
            "reference-no-duration",
            "reference-no-file",
            "reference-no-host",
            "reference-no-number",
            "reference-no-pool",
            "reference-no-url",
            "reference-not-set",
            "reference-out-of-range",
            "redis-trust-not-there",
            "reference-planned-word",
            "tls-file-not-there",
            "tls-folder-not-there",
            "tls-key-is-a-folder",
            "tls-keystore-not-there",
            // what a number means: with its unit, as an address, as one written with an exponent
            "authorize-ip-host-bits",
            "breaker-open-short",
            "host-source-an-address",
            "introspection-cache-long",
            "jwt-refresh-short",
            "jwt-skew-long",
            "limit-head-timeout-short",
            "limit-head-too-large",
            "listener-host-hexadecimal",
            "listener-host-no-address",
            "listener-port-with-exponent",
            "listener-proxy-host-bits",
            "ports-too-large",
            "rate-limit-per-long",
            "redis-away-short",
            "redis-hold-long",
            "redis-timeout-short",
            "redis-url-bad-address",
            "redis-url-port-too-large",
            "rewrite-one-field-twice",
            "rewrite-removes-the-session",
            "rewrite-sets-the-sessions-cookie",
            "rewrite-strips-half-a-segment",
            "rewrite-to-a-field-that-is-removed",
            "rewrite-what-cors-makes",
            "rewrite-with-an-underscore",
            "sessions-idle-ten-thousand-years",
            "sessions-idle-too-short",
            "split-percent-too-fine",
            "url-bad-address",
            "url-port-too-large");

    private static final ConfigSchema SCHEMA = ConfigSchema.published();

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void tellsWhatIsWrongAndWhere(String name) {
        assertThat(told(name)).isEqualTo(Configs.text(FOLDER.resolve(name + ".txt")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void showsNoReplacedValue(String name) {
        assertThat(told(name)).doesNotContain(SECRET);
    }

    @Test
    void schemaRefusesWhatItCanExpress() throws IOException {
        Set<String> passed = names().stream()
                .filter(name -> !READER_ONLY_TEXT.contains(name))
                .filter(name -> SCHEMA.accepts(Configs.text(FOLDER.resolve(name + ".json"))))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(passed).containsExactlyInAnyOrderElementsOf(READER_ONLY);
    }

    private static String told(String name) {
        Reading reading = new ConfigReader(ENVIRONMENT).read(FOLDER.resolve(name + ".json"));
        assertThat(reading).isInstanceOf(Reading.Broken.class);
        return String.join("\n", Configs.lines(reading)).replace(FOLDER.toString(), "<folder>") + "\n";
    }
}
