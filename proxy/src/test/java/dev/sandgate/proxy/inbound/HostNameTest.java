package dev.sandgate.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Host may look like, and the name that routes see of it. */
final class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "a.test, a.test",
        "A.TEST, a.test",
        "a.test., a.test",
        "a.test:80, a.test",
        "A.Test.:65535, a.test",
        "a.test:, a.test",
        "localhost, localhost",
        "my_box-1.test, my_box-1.test",
        "127.0.0.1:8080, 127.0.0.1",
        "[::1], [::1]",
        "[2001:DB8::1]:8443, [2001:db8::1]",
        "[::ffff:127.0.0.1], [::ffff:127.0.0.1]"
    })
    void isTheNameWithoutCasePortAndTrailingDot(String text, String name) {
        HostName host = HostName.parse(text);

        assertThat(host.name()).isEqualTo(name);
        assertThat(host.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                ".a",
                "a..b",
                "a b",
                "user@a",
                "a/b",
                "a?b",
                "a#b",
                "a,b",
                "a\\b",
                "ä.test",
                "a%2eb",
                "a:65536",
                "a:99999",
                "a:123456",
                "a:1x",
                "a:-1",
                "a:b:c",
                ":80",
                "[::1",
                "::1",
                "[]",
                "[1]",
                "[::1]x",
                "[::1]:x",
                "[::g]",
                "[fe80::1%25eth0]",
                "*.test",
                "\0"
            })
    void refusesWhatIsNoAuthority(String text) {
        assertThatThrownBy(() -> HostName.parse(text))
                .isInstanceOf(Fault.class)
                .extracting(fault -> ((Fault) fault).reason())
                .isEqualTo(Reason.HOST_INVALID);
    }

    @Test
    void refusesANameOfMoreThan255Characters() {
        assertThat(HostName.parse("a".repeat(255)).name()).hasSize(255);
        assertThatThrownBy(() -> HostName.parse("a".repeat(256))).isInstanceOf(Fault.class);
    }
}
