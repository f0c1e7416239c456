package dev.sandgate.proxy.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields that mean something to an intermediary are found whatever their case, and no other is. */
final class FieldTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
    void isFoundInEveryCaseAndOfEveryKindOfText(Field field) {
        String lower = field.lower().toString();
        String upper = lower.toUpperCase(Locale.ROOT);

        assertThat(Field.of(lower)).isSameAs(field);
        assertThat(Field.of(upper)).isSameAs(field);
        assertThat(Field.of(AsciiString.of(upper))).isSameAs(field);
        assertThat(Field.of(lower + "x")).isSameAs(Field.OTHER);
        assertThat(Field.of(lower.substring(1))).isSameAs(Field.OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "accept", "x-session-id", "content_length", "transfer_encoding", "other"})
    void everyOtherNameIsOther(String name) {
        assertThat(Field.of(name)).isSameAs(Field.OTHER);
    }

    @Test
    void everyFieldHasABitOfItsOwn() {
        assertThat(EnumSet.allOf(Field.class).stream().map(Field::bit).distinct())
                .hasSize(Field.values().length);
    }

    @Test
    void theFieldsBetweenNeighboursAreTheOnesOfTheRfcAndNoMore() {
        Set<Field> hop = EnumSet.noneOf(Field.class);
        for (Field field : Field.values()) {
            if (field.hop()) {
                hop.add(field);
            }
        }

        assertThat(hop)
                .extracting(field -> field.lower().toString())
                .containsExactlyInAnyOrder(
                        "connection",
                        "keep-alive",
                        "proxy-connection",
                        "proxy-authenticate",
                        "proxy-authorization",
                        "proxy-authentication-info",
                        "te",
                        "trailer",
                        "transfer-encoding",
                        "upgrade",
                        "http2-settings");
    }
}
