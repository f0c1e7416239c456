package dev.sandgate.proxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an instance sees of a path, and what a client sees of what the instance says of paths. */
final class PathChangesTest {

    private static final PathChanges STRIP = new PathChanges("/app", "");
    private static final PathChanges ADD = new PathChanges("", "/v1");
    private static final PathChanges BOTH = new PathChanges("/app", "/v1");
    private static final PathChanges DEEP = new PathChanges("/a/b", "/v1/x");

    @ParameterizedTest
    @CsvSource({
        "/app, /",
        "/app?x=1, /?x=1",
        "/app/, /",
        "/app/x, /x",
        "/app/x/?y=/app, /x/?y=/app",
        "/app/app/x, /app/x",
        "/%61pp/x%20y, /x%20y",
        "//app/x, /x",
        "\\app/x, /x",
        "/;s=1/app/x, /x",
        "/app;s=1/x;t=2, /x;t=2",
        "/app%3Bs=1/x, /x",
        "/app;s=1, /",
        "/app//evil.example.com/x, /evil.example.com/x",
        "/app////x//y, /x//y",
        "/app?, /?",
        "*, *"
    })
    void aPrefixIsTakenAwayHoweverItIsWrittenAndTheRestStaysAsItIs(String target, String seen) {
        assertThat(STRIP.target(target)).isEqualTo(seen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app%2Fx",
                "/app%2fevil.example.com/x",
                "/app\\evil.example.com",
                "/app%5C%5Cevil.example.com",
                "/app/%2Fevil.example.com",
                "/app/\\evil.example.com",
                "/app;s%2Fx"
            })
    void anotherFormOfSlashBehindThePrefixIsRefused(String target) {
        assertThatThrownBy(() -> STRIP.target(target))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.reason()).isEqualTo(Reason.PATH_INVALID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apples", "/ap", "/x/app", "/App/x", "/", "/app%00x"})
    void whatDoesNotBeginWithThePrefixGoesNowhere(String target) {
        assertThatThrownBy(() -> STRIP.target(target)).isInstanceOf(Fault.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /v1/",
        "/x?y, /v1/x?y",
        "//x, /v1//x",
        "*, *",
    })
    void aPrefixIsPutBeforeThePath(String target, String seen) {
        assertThat(ADD.target(target)).isEqualTo(seen);
    }

    @ParameterizedTest
    @CsvSource({"/app, /v1, /app", "/app/, /v1/, /app/", "/app/x?y, /v1/x?y, /app/x"})
    void onePrefixStandsForAnother(String target, String seen, String path) {
        assertThat(BOTH.target(target)).isEqualTo(seen);
        assertThat(BOTH.path(path)).isEqualTo(seen.replace("?y", ""));
    }

    @ParameterizedTest
    @CsvSource({"/a/b/c, /v1/x/c", "/a%2Fb/c, /v1/x/c", "//a//b//c, /v1/x/c"})
    void prefixesHaveManySegments(String target, String seen) {
        assertThat(DEEP.target(target)).isEqualTo(seen);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1, /app",
        "/v1/, /app/",
        "/v1/x, /app/x",
        "/v1/../admin, /v1/../admin",
        "/v1/%2e%2E/admin, /v1/%2e%2E/admin",
        "/v1/./x/../y, /app/y",
        "/x/../v1/y, /app/y",
        "/v10/x, /v10/x",
        "/x, /x",
        "/, /",
        "/v1//x, /app/x"
    })
    void aPathOfTheInstancesIsTheClientsAgainWhereClientsKnowIt(String said, String told) {
        assertThat(BOTH.back(said)).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1//evil.example.com", "/v1/\\evil.example.com", "/v1/\t/evil.example.com", "/v1///x"})
    void noPathBecomesAHost(String said) {
        assertThat(ADD.back(said)).matches("/[^/\\\\\\t].*");
    }

    @ParameterizedTest
    @CsvSource({"/, /app", "/x, /app/x", "/app, /app/app", "/../x, /app/x"})
    void whereNothingIsAddedEveryPathIsKnown(String said, String told) {
        assertThat(STRIP.back(said)).isEqualTo(told.equals("/app") ? "/app/" : told);
    }
}
