package dev.sandgate.proxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.CorsConfig;
import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may call, and what they are told. */
final class CorsTest {

    private static final Cors CORS =
            of(List.of("https://app.example.com", "https://*.apps.example.com", "http://*.local.test:8080"), false);

    private static Cors of(List<String> origins, boolean credentials) {
        CorsConfig config =
                new CorsConfig(origins, credentials, List.of(), List.of(), List.of("X-Total"), Duration.ofMinutes(10));
        RouteConfig route = RouteConfig.plain(
                        "r",
                        List.of(),
                        List.of("/"),
                        Map.of(),
                        "p",
                        List.of(new AffinityConfig.Header("X-Run", true)),
                        List.of(),
                        false)
                .changing(RewriteConfig.NOTHING, Optional.of(config), RouteLimits.NONE);
        return Objects.requireNonNull(Cors.of(route));
    }

    private static MultiMap fields(String... pairs) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        for (int at = 0; at < pairs.length; at += 2) {
            fields.add(pairs[at], pairs[at + 1]);
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example.com",
                "https://a.apps.example.com",
                "https://a.b-c.apps.example.com",
                "http://x.local.test:8080"
            })
    void theseOriginsMayCall(String origin) {
        assertThat(CORS.allows(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.evil.test",
                "https://app.example.com/",
                "https://apps.example.com",
                "https://.apps.example.com",
                "https://a..apps.example.com",
                "https://evil-apps.example.com",
                "https://evilapps.example.com",
                "https://evil.test/.apps.example.com",
                "https://evil.test#.apps.example.com",
                "https://evil.test?.apps.example.com",
                "https://evil.test\\.apps.example.com",
                "https://evil.test:443.apps.example.com",
                "https://user@a.apps.example.com",
                "https://a.apps.example.com:443",
                "https://evil.test,https://a.apps.example.com",
                "https://evil.test https://a.apps.example.com",
                "https://é.apps.example.com",
                "http://x.local.test",
                "*"
            })
    void noOtherMay(String origin) {
        assertThat(CORS.allows(origin)).isFalse();
    }

    @Test
    void anEndlessOriginMayNot() {
        assertThat(CORS.allows("https://" + "a.".repeat(10_000) + "apps.example.com"))
                .isFalse();
    }

    @Test
    void anAnswerIsForOneOriginAndTheInstancesOwnWordsGo() {
        MultiMap answer = fields(
                "Access-Control-Allow-Origin", "*",
                "access-control-allow-methods", "TRACE",
                "Access-Control-Allow-Credentials", "true",
                "Vary", "Accept-Encoding");

        CORS.answer("https://app.example.com", answer);

        assertThat(answer.getAll("Access-Control-Allow-Origin")).containsExactly("https://app.example.com");
        assertThat(answer.contains("Access-Control-Allow-Credentials")).isFalse();
        assertThat(answer.contains("Access-Control-Allow-Methods")).isFalse();
        assertThat(answer.getAll("Vary")).containsExactly("Accept-Encoding", "Origin");
        assertThat(answer.get("Access-Control-Expose-Headers"))
                .contains("Mcp-Session-Id", "Retry-After", "X-Run", "X-Total");
    }

    @Test
    void anotherOriginAndNoneAreToldNothingButThatItVaries() {
        for (String origin : new String[] {"https://evil.test", null}) {
            MultiMap answer = fields("Access-Control-Allow-Origin", "https://evil.test");
            CORS.answer(origin, answer);
            assertThat(answer.names()).containsExactly("Vary");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin", "accept, origin", "*", "Accept,ORIGIN ,x"})
    void whatVariesAlreadyIsNotToldTwice(String vary) {
        MultiMap answer = fields("Vary", vary);
        CORS.answer(null, answer);
        assertThat(answer.getAll("Vary")).containsExactly(vary);
    }

    @Test
    void everybodyIsAStarAndVariesNot() {
        MultiMap answer = fields();
        of(List.of("*"), false).answer("null", answer);
        assertThat(answer.get("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.contains("Vary")).isFalse();
    }

    @Test
    void whatIsAskedForIsAllowedWhereItIsWellFormed() {
        MultiMap answer = fields();
        CORS.preflight(asking("PUT", "X-A, content-type"), answer);
        assertThat(answer.get("Access-Control-Allow-Methods")).isEqualTo("PUT");
        assertThat(answer.get("Access-Control-Allow-Headers")).isEqualTo("X-A, content-type");
        assertThat(answer.get("Access-Control-Max-Age")).isEqualTo("600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-A\tX-B", "X-A,,X-B", "", "X A", "a: b", "\"x\""})
    void headersThatAreNoNamesAreNotAllowed(String asked) {
        MultiMap answer = fields();
        CORS.preflight(asking("P T", asked), answer);
        assertThat(answer.contains("Access-Control-Allow-Headers")).isFalse();
        assertThat(answer.contains("Access-Control-Allow-Methods")).isFalse();
    }

    @Test
    void tooManyOrTooLongOnesAreNotAllowed() {
        for (String asked : List.of("a,".repeat(64) + "a", "a".repeat(5000))) {
            MultiMap answer = fields();
            CORS.preflight(asking("PUT", asked), answer);
            assertThat(answer.contains("Access-Control-Allow-Headers")).isFalse();
        }
    }

    private static MultiMap asking(String method, String headers) {
        return fields(
                "Origin",
                "https://app.example.com",
                "Access-Control-Request-Method",
                method,
                "Access-Control-Request-Headers",
                headers);
    }

    @Test
    void credentialsAreAllowedWhereTheRouteSaysSo() {
        MultiMap answer = fields();
        of(List.of("https://a.test"), true).answer("https://a.test", answer);
        assertThat(answer.get("Access-Control-Allow-Credentials")).isEqualTo("true");
    }
}
