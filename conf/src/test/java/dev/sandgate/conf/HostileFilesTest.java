package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes, the reader answers, soon, and without the secrets that it was trusted with. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileFilesTest {

    private static final String SECRET = "hunter2-planted";
    private static final int ROUNDS = 2_000;

    /** What a slip of the hand or an attacker puts into a config. */
    private static final List<String> PIECES = List.of(
            "\"${env:SECRET}\"",
            "${env:SECRET}",
            "${file:secret}",
            "\"${file:secret}\"",
            "$${",
            "${",
            "}",
            "{",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "null",
            "true",
            "-1",
            "1e999999999",
            "9999999999999999999",
            "0.0000001",
            "\"0s\"",
            "\"999999999d\"",
            "\"\"",
            "\u0000",
            "\u202e",
            "ü",
            "/*",
            "\n",
            "[[[[[[[[",
            "{\"a\":",
            "\"http://[::1]:1\"",
            "\"::/0\"",
            "\"*.\"",
            "mcp",
            "redis",
            "process",
            "{session}",
            "{port}-{session}.a");

    private final Path folder;

    HostileFilesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
    }

    @Test
    void answersToAnyMutationAndKeepsTheSecret() throws IOException {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        Random random = new Random(seed);
        byte[] good = everySource().replace("\"beta\"", "\"${env:SECRET}\"").getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(good, random);
            try {
                if (read(bytes) instanceof Reading.Broken broken) {
                    refused++;
                    assertThat(broken.problems()).isNotEmpty();
                    assertThat(broken.problems().toString()).doesNotContain(SECRET);
                }
            } catch (RuntimeException | StackOverflowError thrown) {
                fail("-Dseed=" + seed + ", round " + round + ":\n" + new String(bytes, StandardCharsets.UTF_8), thrown);
            }
        }
        assertThat(refused).as("-Dseed=" + seed).isBetween(ROUNDS / 2, ROUNDS - 1);
    }

    @Test
    void keepsTheSecretWhereverItStandsAsAValue() throws IOException {
        String good = everySource();
        int values = 0;
        for (int at = good.indexOf(": "); at >= 0; at = good.indexOf(": ", at + 1)) {
            for (String reference : List.of("\"${env:SECRET}\"", "\"x${file:secret}\"")) {
                // What follows the reference would be a syntax error, so a comma and a key of no meaning take it.
                String bad = good.substring(0, at) + ": " + reference + ", \"rest\"" + good.substring(at);
                assertThat(Configs.lines(read(bad.getBytes(StandardCharsets.UTF_8))))
                        .noneMatch(line -> line.contains(SECRET));
                values++;
            }
        }
        assertThat(values).isGreaterThan(80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"password\": 7777777",
                "\"password\": [\"hunter2\"]",
                "\"password\": { \"a\": \"hunter2\" }",
                "\"password\": \"hunter2${env:NONE}\"",
                "\"password\": hunter2",
                "\"url\": \"redis://:hunter2@localhost\"",
                "\"url\": \"redis://:hunter2@localhost, nobody\", \"database\": -1",
                "\"url\": [\"redis://:hunter2@localhost\"]",
                "\"url\": { \"redis://:hunter2@localhost\": \"redis://:hunter2@localhost\" }",
                "\"urls\": \"redis://:hunter2@localhost\"",
                "\"urls\": [\"redis://:hunter2@localhost\", \"redis://:hunter2@localhost\"]",
                "\"urls\": [\"redis://:hunter2/@localhost\" 1]",
                "\"keys\": [{ \"id\": \"a\", \"secret\": \"hunter2\" }]"
            })
    void keepsAPasswordOfTheTable(String written) throws IOException {
        String table = "\"table\": { \"type\": \"redis\", " + written.replace("7777777", "73313373") + " },";
        String bad = Configs.text(Path.of("examples/header.json")).replace("\"listeners\"", table + " \"listeners\"");
        assertThat(told(bad)).noneMatch(line -> line.contains("hunter2") || line.contains("73313373"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{ \"id\": \"a\", \"secret\": \"SECRET\" }]",
                "[{ \"id\": \"a\", \"secret\": [\"SECRET\"] }]",
                "[{ \"id\": \"SECRET\", \"secret\": \"a\" }]",
                "[{ \"id\": \"a\", \"secret\": \"SECRET${env:NONE}\" }]",
                "[{ \"id\": \"a\", \"secret\": \"SECRET${\" }]",
                "[{ \"id\": \"a\", \"key\": \"SECRET\" }]",
                "[{ \"id\": \"a\", \"secret\" \"SECRET\" }]",
                "[{ \"id\": \"a\", \"secret\": SECRET }]",
                "[{ \"id\": \"a\", \"secret\": 'SECRET' }]",
                "[{ \"id\": \"a\" \"SECRET\" }]",
                "[{ \"id\": \"a\", \"secret\": 7777777 }]",
                "[\"SECRET\"]",
                "[SECRET]",
                "\"SECRET\""
            })
    void keepsASecretThatTheFileItselfSays(String keys) throws IOException {
        String written = keys.replace("SECRET", "hunter2").replace("7777777", "73313373");
        String bad = Configs.text(Path.of("examples/cookie.json"))
                .replace(
                        "{ \"cookie\": \"sandgate\" }",
                        "{ \"cookie\": { \"name\": \"a\", \"keys\": " + written + " } }");
        assertThat(told(bad)).noneMatch(line -> line.contains("hunter2") || line.contains("73313373"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"hunter2\"",
                "hunter2",
                "'hunter2'",
                "[\"hunter2\"]",
                "{ \"hunter2\": \"hunter2\" }",
                "\"a\" \"hunter2\"",
                "73313373",
                "\"hunter2${env:NONE}\"",
                "\"hunter2${\""
            })
    void keepsATokenThatTheFileItselfSays(String token) throws IOException {
        String bad = Configs.text(Path.of("examples/cookie.json"))
                .replace("\"admin\": {", "\"admin\": { \"token\": " + token + ",");
        assertThat(told(bad)).isNotEmpty().noneMatch(line -> line.contains("hunter2") || line.contains("73313373"));
    }

    @Test
    void showsNoSecretOfAGoodFile() throws IOException {
        String good = Configs.text(Path.of("examples/cookie.json"))
                .replace(
                        "\"sandgate\" }",
                        "{ \"name\": \"a\", \"keys\": [{ \"id\": \"b\", \"secret\": \"" + SECRET.repeat(3)
                                + "\" }] } }");
        Reading reading = read(good.getBytes(StandardCharsets.UTF_8));
        assertThat(Configs.loaded(reading).routes().get(0).affinity().toString())
                .isEqualTo("[Cookie[name=a, learn=false, keys=[CookieKey[b]]]]");
        assertThat(reading.toString()).doesNotContain(SECRET);
    }

    @Test
    void refusesTenThousandListsInEachOther() throws IOException {
        assertThat(told("[".repeat(10_000)))
                .containsExactly("1:65: lists or objects in more than 64 others (expected: fewer)");
        assertThat(told("{\"a\":".repeat(10_000))).hasSize(1);
    }

    @Test
    void refusesNumbersWithoutEnd() throws IOException {
        assertThat(told("{\"shutdownTimeout\": " + "9".repeat(1_000_000) + "}")).hasSize(1);
        assertThat(told("{\"listeners\": {\"a\": {\"host\": \"::1\", \"port\": 1e2147483647}}}"))
                .contains("1:45: listeners.a.port: 1e2147483647 (expected: a whole number from 0 to 65535)");
    }

    @Test
    void refusesAFileOfMoreThanTenMebibytes() throws IOException {
        assertThat(told(" ".repeat(10 * 1024 * 1024 + 1)))
                .containsExactly(folder.resolve("hostile.json")
                        + " is larger than 10 MiB (expected: a config of at most 10 MiB)");
        assertThat(told(" ".repeat(10 * 1024 * 1024)))
                .containsExactly("1:1: an empty file (expected: an object with listeners, pools and routes)");
    }

    @Test
    void refusesHalfAMillionValues() throws IOException {
        assertThat(told("[" + "0,".repeat(600_000) + "0]"))
                .containsExactly("1:1000000: more than 500000 values (expected: fewer)");
    }

    @Test
    void refusesLongTextsBeforeItLooksAtThem() throws IOException {
        assertThat(told("{\"shutdownTimeout\": \"" + "1".repeat(5_000_000) + "\"}"))
                .anyMatch(line -> line.endsWith("(expected: at most 4,096 characters)") && line.length() < 300);
    }

    @Test
    void tellsOfTwentyThousandUnknownKeys() throws IOException {
        StringBuilder text = new StringBuilder("{\"a\": 0");
        for (int i = 0; i < 20_000; i++) {
            text.append(",\"lisner").append(i).append("\": 0");
        }
        assertThat(told(text + "}")).hasSize(20_004);
    }

    @Test
    void showsNoCharacterThatActsOnATerminal() throws IOException {
        assertThat(told("{\"\\u001b[31m\u202e\": 0, \"routes\": \"\u202e\u009b\"}"))
                .allSatisfy(line -> assertThat(line).matches("[ -~]*"));
    }

    /** A file that says nearly everything that there is to say. */
    private static String everySource() {
        return Configs.text(Path.of("examples/limits.json"))
                .replace(
                        "\"affinity\": [",
                        "\"affinity\": [{ \"cookie\": { \"name\": \"sandgate\", \"keys\": [{ \"id\": \"a\", \"secret\": \"${env:LONG}\" }] } },"
                                + " { \"cookie\": { \"name\": \"app\", \"learn\": true } }, { \"query\": \"session\" },"
                                + " { \"path\": \"/run/{session}/\" }, { \"principal\": { \"header\": \"X-User\" } },"
                                + " { \"mcp\": { \"ssePaths\": [\"/run/sse\"], \"idParameters\": [\"id\"], \"origins\": [\"https://a.example\"] } }, ");
    }

    private List<String> told(String text) throws IOException {
        Reading reading = read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(reading).isInstanceOf(Reading.Broken.class);
        return Configs.lines(reading);
    }

    private Reading read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("hostile.json"), bytes);
        return new ConfigReader(Map.of("SECRET", SECRET, "LONG", SECRET.repeat(3))).read(file);
    }

    /** One to four cuts, copies, insertions or flipped bytes. */
    private static byte[] mutated(byte[] good, Random random) {
        StringBuilder text = new StringBuilder(new String(good, StandardCharsets.UTF_8));
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                case 2 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
