package dev.sandgate.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line is JSON, whatever a client wrote into it. */
final class PageTest {

    private static List<JsonObject> lines(Page page) {
        String text = new String(page.bytes(), 0, page.length(), StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        return text.lines().map(JsonObject::new).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "\"quoted\"",
                "back\\slash\\",
                "\"},{\"forged\":\"",
                "line\nfeed\r\n",
                "\u0000\u0001\u001f\u007f\u0080\u00ff",
                "\t\b\f",
                "ä€\u2028\u2029",
                "\ud83d\ude00",
                "\ud800 alone",
                "</script>"
            })
    void tellsEveryTextAsItIs(String text) {
        Page page = new Page();
        page.begin().text("path", text).end();

        assertThat(lines(page)).singleElement().satisfies(line -> {
            assertThat(line.getString("path")).isEqualTo(text);
            assertThat(line.size()).isEqualTo(1);
        });
        assertThat(new String(page.bytes(), 0, page.length(), StandardCharsets.ISO_8859_1))
                .matches("[ -~]*\n");
    }

    @Test
    void tellsNumbersTimesAndBytes() {
        Page page = new Page();
        page.begin()
                .time("time", "2026-11-02T03:04:05", 7)
                .number("zero", 0)
                .number("negative", -42)
                .number("most", Long.MAX_VALUE)
                .millis("short", 1_234)
                .millis("long", 12_034_567_890L)
                .millis("past", -5)
                .hex("hash", new byte[] {0, (byte) 0xff, 0x1a, 9}, 3)
                .text("absent", "")
                .end();

        assertThat(lines(page)).singleElement().satisfies(line -> {
            assertThat(line.getString("time")).isEqualTo("2026-11-02T03:04:05.007Z");
            assertThat(line.getLong("zero")).isZero();
            assertThat(line.getLong("negative")).isEqualTo(-42);
            assertThat(line.getLong("most")).isEqualTo(Long.MAX_VALUE);
            assertThat(line.getDouble("short")).isEqualTo(0.001);
            assertThat(line.getDouble("long")).isEqualTo(12034.567);
            assertThat(line.getDouble("past")).isZero();
            assertThat(line.getString("hash")).isEqualTo("00ff1a");
            assertThat(line.containsKey("absent")).isFalse();
        });
    }

    @Test
    void growsWithItsLinesAndIsEmptyOnceCleared() {
        Page page = new Page();
        assertThat(page.isEmpty()).isTrue();
        for (int line = 0; line < 100; line++) {
            page.begin().number("line", line).text("text", "x".repeat(1_000)).end();
        }
        assertThat(page.isFull()).isTrue();
        assertThat(page.lines()).isEqualTo(100);
        assertThat(lines(page)).hasSize(100).last().satisfies(last -> assertThat(last.getInteger("line"))
                .isEqualTo(99));

        page.clear();
        assertThat(page.isEmpty()).isTrue();
        assertThat(page.isFull()).isFalse();
        page.begin().number("line", 7).end();
        assertThat(lines(page)).hasSize(1);
    }
}
