package dev.sandgate.proxy.identify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SealTest {

    private static final CookieKey OLD = new CookieKey("k1", "an old secret of 32 characters ok");
    private static final CookieKey NEW = new CookieKey("k2", "a new secret of 32 characters, ok");
    private static final String ID = "AbCdEfGhIjKlMnOpQrStUv";

    private static final Optional<Vouch> NOBODY = Optional.empty();
    private static final Vouch VOUCH = new Vouch(
            new Instance("main", "node 1/main|2", "a life\nof its own", "::1", 65535),
            1795324340035700L,
            1795324340035L,
            "c~\u00e9");

    private final Seal seal = Seal.ofCookie(List.of(NEW, OLD), "main", "sid");

    @Test
    void opensWhatItSealed() {
        assertThat(seal.open(seal.seal(ID, NOBODY))).contains(ID);
    }

    @Test
    void opensWhatVouchesForTheIdThatItSealed() {
        String value = seal.seal(ID, Optional.of(VOUCH));
        assertThat(seal.open(value)).contains(ID);
        assertThat(seal.vouch(value, "main", ID)).contains(VOUCH);
        assertThat(seal.vouch(value, "main", ID + "x")).isEmpty();
        assertThat(seal.vouch(seal.seal(ID, NOBODY), "main", ID)).isEmpty();
    }

    @Test
    void opensNothingThatVouchesWithOneBitFlipped() {
        byte[] value = seal.seal(ID, Optional.of(VOUCH)).getBytes(StandardCharsets.ISO_8859_1);
        for (int bit = 0; bit < value.length * 8; bit++) {
            byte[] forged = value.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            String text = new String(forged, StandardCharsets.ISO_8859_1);
            assertThat(seal.open(text)).as("bit " + bit).isEmpty();
            assertThat(seal.vouch(text, "main", ID)).as("bit " + bit).isEmpty();
        }
    }

    @Test
    void opensNoValueWithOneBitFlipped() {
        // every length of the last group of base64, each with other bits that nobody reads
        for (String id : List.of(ID, ID + "w", ID + "wx")) {
            byte[] value = seal.seal(id, NOBODY).getBytes(StandardCharsets.ISO_8859_1);
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
        String value = seal.seal(ID, NOBODY);
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
        String before = Seal.ofCookie(List.of(OLD), "main", "sid").seal(ID, NOBODY);
        assertThat(before).startsWith("k1.");
        assertThat(seal.seal(ID, NOBODY)).startsWith("k2.");
        assertThat(seal.open(before)).contains(ID);
    }

    @Test
    void opensNothingOfAKeyThatIsGone() {
        String before = Seal.ofCookie(List.of(OLD), "main", "sid").seal(ID, NOBODY);
        assertThat(Seal.ofCookie(List.of(NEW), "main", "sid").open(before)).isEmpty();
        CookieKey sameName = new CookieKey("k1", "another secret of 32 characters, ");
        assertThat(Seal.ofCookie(List.of(sameName), "main", "sid").open(before)).isEmpty();
    }

    @Test
    void opensNothingOfAnotherPoolOrCookie() {
        String value = seal.seal(ID, NOBODY);
        assertThat(Seal.ofCookie(List.of(NEW), "other", "sid").open(value)).isEmpty();
        assertThat(Seal.ofCookie(List.of(NEW), "main", "other").open(value)).isEmpty();
    }

    @Test
    void opensNothingOfAnotherStartWhereNoKeyIsSet() {
        Seal first = Seal.ofCookie(List.of(), "main", "sid");
        assertThat(first.open(first.seal(ID, NOBODY))).contains(ID);
        assertThat(Seal.ofCookie(List.of(), "main", "sid").open(first.seal(ID, NOBODY)))
                .isEmpty();
    }

    @Test
    void sealsTheSameIdDifferentlyEachTime() {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            values.add(seal.seal(ID, NOBODY));
        }
        assertThat(values).hasSize(1000).noneMatch(value -> value.contains(ID));
    }
}
