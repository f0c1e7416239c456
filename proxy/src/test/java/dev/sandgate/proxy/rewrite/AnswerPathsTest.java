package dev.sandgate.proxy.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs and cookies in an instance's answers, as its clients get them. */
final class AnswerPathsTest {

    private static final PathChanges PATHS = new PathChanges("/app", "/v1");
    private static final References REFERENCES = new References(PATHS, "a.test:8080", "10.0.0.1:9001");
    private static final CookieBack COOKIES = new CookieBack(PATHS, "a.example.com", "10.0.0.1");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // path-absolute
                "/v1/x?y=1#z, /app/x?y=1#z",
                "/v1, /app",
                "/v1?next=/v1/x, /app?next=/v1/x",
                "/other, /other",
                // the instance's own address
                "http://10.0.0.1:9001/v1/x, /app/x",
                "HTTP://10.0.0.1:9001/v1/x?y, /app/x?y",
                "//10.0.0.1:9001/v1/x, /app/x",
                "http://10.0.0.1:9001/x, http://10.0.0.1:9001/x",
                "http://10.0.0.1:9002/v1/x, http://10.0.0.1:9002/v1/x",
                "http://10.0.0.1:9001@evil.test/v1, http://10.0.0.1:9001@evil.test/v1",
                // the client's host
                "https://a.test:8080/v1/x, https://a.test:8080/app/x",
                "http://A.TEST:8080/v1, http://A.TEST:8080/app",
                "https://a.test/v1/x, https://a.test/v1/x",
                // others, relative ones and other schemes
                "https://b.test/v1/x, https://b.test/v1/x",
                "//b.test/v1/x, //b.test/v1/x",
                "x, x",
                "../v1/x, ../v1/x",
                "?y, ?y",
                "mailto:a@b.test, mailto:a@b.test",
                // what a browser would read as a host
                "http://10.0.0.1:9001\\@evil.test/v1, http://10.0.0.1:9001\\@evil.test/v1",
                "/v1//evil.test, /app/evil.test"
            })
    void aReferenceComesBackToTheDoorWhereItCan(String said, String told) {
        assertThat(REFERENCES.back(said)).isEqualTo(told);
    }

    @Test
    void theUsualPortIsTheSameHost() {
        References usual = new References(PATHS, "a.test", "10.0.0.1:9001");
        assertThat(usual.back("https://a.test:443/v1/x")).isEqualTo("https://a.test:443/app/x");
        assertThat(usual.back("http://10.0.0.1:9001")).isEqualTo("http://10.0.0.1:9001");
        assertThat(new References(PATHS, "a.test", "inner.test:443").back("https://inner.test/v1/x"))
                .isEqualTo("/app/x");
        PathChanges strip = new PathChanges("/app", "");
        assertThat(new References(strip, "a.test", "10.0.0.1:9001").back("http://10.0.0.1:9001?x"))
                .isEqualTo("/app/?x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b | a=b",
                "a=b; Path=/v1/x | a=b; Path=/app/x",
                "a=b; path=/v1 | a=b; Path=/app",
                "a=b; Path=/ | a=b; Path=/app",
                "a=b; Path=/v1/; HttpOnly | a=b; Path=/app/; HttpOnly",
                "a=b;Path=/other;Secure | a=b; Path=/other;Secure",
                "a=b; Path=v1 | a=b; Path=v1",
                "a=b; Path | a=b; Path",
                "__Host-a=b; Path=/; Secure | __Host-a=b; Path=/; Secure",
                "a=b; Domain=a.example.com | a=b; Domain=a.example.com",
                "a=b; Domain=.EXAMPLE.com; Secure | a=b; Domain=.EXAMPLE.com; Secure",
                "a=b; domain=10.0.0.1; Secure | a=b; Secure",
                "a=b; Domain=internal.test | a=b",
                "a=b; Domain=xample.com | a=b",
                "a=path=/v1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/v1 "
                        + "| a=path=/v1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/app",
                "a=b; Path=/v1/x; Path=/v1/y | a=b; Path=/app/x; Path=/app/y"
            })
    void aCookieComesBackFromTheClient(String said, String told) {
        assertThat(COOKIES.of(said)).isEqualTo(told);
    }
}
