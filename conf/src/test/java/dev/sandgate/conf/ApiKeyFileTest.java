package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.Caller;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyFileTest {

    private static final String HASH = "sha256:" + "0f".repeat(32);
    private static final String SECRET = "planted-secret";

    @Test
    void readsKeysAndWhoseTheyAre() {
        String text = "\uFEFF\n[ { \"hash\": \"" + HASH.replace('f', 'F')
                + "\", \"subject\": \"alice\", \"tenant\": \"acme\","
                + " \"scopes\": [\"run\"], \"class\": \"gold\" },"
                + " { \"hash\": \"" + HASH.replace('f', 'e') + "\", \"subject\": \"bob $5 $${env:X}\" } ]\n";
        assertThat(ApiKeyFile.read(text))
                .containsExactly(
                        new ApiKey(HASH, new Caller("alice", "acme", Set.of("run"), "gold")),
                        new ApiKey(HASH.replace('f', 'e'), new Caller("bob $5 ${env:X}", "", Set.of(), "")));
    }

    @Test
    void takesAFileWithoutKeys() {
        assertThat(ApiKeyFile.read("[]")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                             | no list of keys",
                "planted-secret                 | no list of keys",
                "{ 'planted-secret': 1 }        | no list of keys",
                "'planted-secret'               | no list of keys",
                "['planted-secret']             | 1:2: keys[0]: a value that is not shown (expected: an object with hash and subject)",
                "[planted-secret]               | 1:2: keys: a value that is not shown",
                "[] planted-secret              | 1:4: (expected: nothing after the end of the config)",
                "['planted-secret               | the end of the file (expected: a closing quote)",
                "[{ 'hash': 'planted-secret', 'subject': 'a' }] | 1:12: keys[0].hash: a value that is not shown (expected: \"sha256:\"",
                "[{ 'hash': 'HASH' }]           | keys[0].subject: missing",
                "[{ 'hash': 'HASH', 'subject': 'a', 'klass': 'planted-secret' }] | unknown key (expected: one of hash, subject, tenant, scopes, class; did you mean \"class\"?)",
                "[{ 'hash': 'HASH', 'subject': '${env:SECRET}' }] | (expected: a text without references",
                "[{ 'hash': 'HASH', 'subject': 'a' }, { 'hash': 'HASH', 'subject': 'b' }] | keys[1]: an object (expected: each one once; keys[0] is the same)"
            })
    void tellsWhatIsWrongAndShowsNoKey(String text, String told) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFile.read(text.replace('\'', '"').replace("HASH", HASH)))
                .withMessageContaining(told)
                .satisfies(refused -> assertThat(refused).hasMessageNotContaining(SECRET));
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 100})
    void tellsTheFirstFewOfManyProblems(int many) {
        String text = IntStream.range(0, many).mapToObj(key -> "{}").collect(Collectors.joining(",", "[", "]"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiKeyFile.read(text))
                .withMessageEndingWith("; and " + (2 * many - 5) + " more");
    }
}
