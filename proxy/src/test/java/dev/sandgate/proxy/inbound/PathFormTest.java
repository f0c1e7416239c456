package dev.sandgate.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one form in which a path is compared with the routes'. */
final class PathFormTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/, /",
                "/a/b, /a/b",
                "/a/, /a/",
                "/a?x=/../b, /a",
                "/?, /",
                "//a///b, /a/b",
                "/%61dmin, /admin",
                "/a%2Fb, /a/b",
                "/a%2fb, /a/b",
                "/a\\b, /a/b",
                "/a%5Cb, /a/b",
                "/a;v=1/b, /a/b",
                "/admin;x, /admin",
                "/;x/a, /a",
                "/a%3Bx/b, /a/b",
                "/%C3%A4, /ä",
                "/a%3Fb, /a?b",
                "/a%20b, /a b",
                "/%252e%252e, /%2e%2e",
                "/.well-known/x, /.well-known/x",
                "/a.., /a..",
                "/..., /...",
                "/a/.b, /a/.b"
            })
    void isThePathWithoutWhatReadersReadDifferently(String target, String form) {
        assertThat(PathForm.of(target)).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.",
                "/..",
                "/a/../b",
                "/a/./b",
                "/a/..",
                "/%2e%2e/b",
                "/%2E./b",
                "/a/..%2fb",
                "/a\\..\\b",
                "/a%5c..%5cb",
                "/..;x/b",
                "/.;/b",
                "//..//b",
                "/%",
                "/%4",
                "/%zz",
                "/a%2",
                "/%00",
                "/a%0d%0ab",
                "/%7f"
            })
    void refusesWhatAnInstanceCouldReadInTwoWays(String target) {
        assertThatThrownBy(() -> PathForm.of(target))
                .isInstanceOf(Fault.class)
                .extracting(fault -> ((Fault) fault).reason())
                .isEqualTo(Reason.PATH_INVALID);
    }

    @Test
    void aFormIsItsOwnForm() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        String[] pieces = {"/", "a", ".", "..", "%2e", "%2F", ";x", "\\", "//", "b", "%41"};
        for (int round = 0; round < 5_000; round++) {
            StringBuilder target = new StringBuilder("/");
            for (int piece = random.nextInt(8); piece > 0; piece--) {
                target.append(pieces[random.nextInt(pieces.length)]);
            }
            String form;
            try {
                form = PathForm.of(target.toString());
            } catch (Fault refused) {
                continue;
            }
            assertThat(form).as(target.toString()).startsWith("/").doesNotContain("//", "\\", ";", "/../", "/./");
            assertThat(PathForm.of(form)).as(target.toString()).isEqualTo(form);
        }
    }
}
