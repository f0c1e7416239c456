package dev.sandgate.proxy.identify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CookieSealTest {

    private static final CookieKey OLD = new CookieKey("k1", "an old secret of 32 characters ok");
    private static final CookieKey NEW = new CookieKey("k2", "a new secret of 32 characters, ok");
    private static final String ID = "AbCdEfGhIjKlMnOpQrStUv";

    private final CookieSeal seal = new CookieSeal(List.of(NEW, OLD), "main", "sid");

    @Test
    void opensWhatItSealed() {
        assertThat(seal.open(seal.seal(ID))).contains(ID);
    }

    @Test
    void opensNoValueWithOneBitFlipped() {
        // every length of the last group of base64, each with other bits that nobody reads
        for (String id : List.of(ID, ID + "w", ID + "wx")) {
            byte[] value = seal.seal(id).getBytes(StandardCharsets.ISO_8859_1);
            for (int bit = 0; bit < value.length * 8; bit++) {
                byte[] forged = value.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(seal.open(new String(forged, StandardCharsets.ISO_8859_1)))
                        .as("bit " + bit)
                        .isEmpty();
            }
        }
    }

    @Test
    void opensNoValueCutShortOrMadeLonger() {
        String value = seal.seal(ID);
        for (int length = 0; length < value.length(); length++) {
            assertThat(seal.open(value.substring(0, length))).isEmpty();
        }
        for (String more : List.of("A", "AA", "AAA", "AAAA", "=", "==", ".", " ", "\"")) {
            assertThat(seal.open(value + more)).as(more).isEmpty();
        }
        assertThat(seal.open("k2.")).isEmpty();
        assertThat(seal.open(".")).isEmpty();
    }

    @Test
    void sealsWithTheFirstKeyAndOpensWithAll() {
        String before = new CookieSeal(List.of(OLD), "main", "sid").seal(ID);
        assertThat(before).startsWith("k1.");
        assertThat(seal.seal(ID)).startsWith("k2.");
        assertThat(seal.open(before)).contains(ID);
    }

    @Test
    void opensNothingOfAKeyThatIsGone() {
        String before = new CookieSeal(List.of(OLD), "main", "sid").seal(ID);
        assertThat(new CookieSeal(List.of(NEW), "main", "sid").open(before)).isEmpty();
        CookieKey sameName = new CookieKey("k1", "another secret of 32 characters, ");
        assertThat(new CookieSeal(List.of(sameName), "main", "sid").open(before))
                .isEmpty();
    }

    @Test
    void opensNothingOfAnotherPoolOrCookie() {
        String value = seal.seal(ID);
        assertThat(new CookieSeal(List.of(NEW), "other", "sid").open(value)).isEmpty();
        assertThat(new CookieSeal(List.of(NEW), "main", "other").open(value)).isEmpty();
    }

    @Test
    void opensNothingOfAnotherStartWhereNoKeyIsSet() {
        CookieSeal first = new CookieSeal(List.of(), "main", "sid");
        assertThat(first.open(first.seal(ID))).contains(ID);
        assertThat(new CookieSeal(List.of(), "main", "sid").open(first.seal(ID)))
                .isEmpty();
    }

    @Test
    void sealsTheSameIdDifferentlyEachTime() {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            values.add(seal.seal(ID));
        }
        assertThat(values).hasSize(1000).noneMatch(value -> value.contains(ID));
    }
}
