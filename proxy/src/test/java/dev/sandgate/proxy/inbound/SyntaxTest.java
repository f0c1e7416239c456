package dev.sandgate.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of names and values, char by char. */
final class SyntaxTest {

    private static final String TCHAR = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    @Test
    void aTokenIsMadeOfTokenCharactersAlone() {
        for (char c = 0; c < 0x300; c++) {
            assertThat(Syntax.isToken("a" + c)).as("char %d", (int) c).isEqualTo(TCHAR.indexOf(c) >= 0);
        }
        assertThat(Syntax.isToken("")).isFalse();
    }

    @Test
    void aValueIsPrintableAsciiWithBlanksAndTabsInside() {
        for (char c = 0; c < 0x300; c++) {
            boolean fits = c == '\t' || (c >= ' ' && c < 0x7F);
            assertThat(Syntax.isValue("a" + c + "b")).as("char %d", (int) c).isEqualTo(fits);
        }
        assertThat(Syntax.isValue("")).isTrue();
        assertThat(Syntax.isValue(" a")).isFalse();
        assertThat(Syntax.isValue("a\t")).isFalse();
    }

    @Test
    void anAnswersValueMayAlsoHaveBytesOver7F() {
        for (char c = 0; c < 0x300; c++) {
            boolean fits = c == '\t' || (c >= ' ' && c <= 0xFF && c != 0x7F);
            assertThat(Syntax.isAnswerValue("a" + c)).as("char %d", (int) c).isEqualTo(fits);
        }
    }

    @Test
    void onlyAsciiLettersAndDigitsAreAlphanumeric() {
        for (char c = 0; c < 0x300; c++) {
            boolean fits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".indexOf(c) >= 0;
            assertThat(Syntax.isAlphanumeric(c)).as("char %d", (int) c).isEqualTo(fits);
        }
    }

    @Test
    void comparesWithoutTheCaseOfAsciiAlone() {
        assertThat(Syntax.equalsIgnoreCase("chunked", "ChunKED")).isTrue();
        assertThat(Syntax.equalsIgnoreCase("chunked", "chunke")).isFalse();
        // U+212A, the sign for kelvin, is a k to String.equalsIgnoreCase
        assertThat(Syntax.equalsIgnoreCase("chunked", "chun\u212aed")).isFalse();
        assertThat(Syntax.equalsIgnoreCase("a@", "a`")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "007, 7", "123456789012345678, 123456789012345678"})
    void aLengthIsUpTo18Digits(String text, long length) {
        assertThat(Syntax.length(text)).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+1", "-1", "1 ", " 1", "0x1", "1,1", "1.0", "1234567890123456789", "\u0661"})
    void nothingElseIsALength(String text) {
        assertThatThrownBy(() -> Syntax.length(text))
                .isInstanceOf(Fault.class)
                .extracting(fault -> ((Fault) fault).reason())
                .isEqualTo(Reason.REQUEST_MALFORMED);
    }
}
