package dev.sandgate.affinity.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeySlotTest {

    /** The first is the check value of CRC16 (XMODEM), 0x31c3; all agree with {@code CLUSTER KEYSLOT} of Redis 6.2. */
    @ParameterizedTest
    @CsvSource({
        "123456789, 12739",
        "foo, 12182",
        "bar, 5061",
        "{user1000}.following, 3443",
        "user1000, 3443",
        "foo{}{bar}, 8363",
        "foo{{bar}}zap, 4015",
        "{bar, 4015",
        "foo{bar}{zap}, 5061",
        "'', 0",
        "{}, 15257",
        "ü, 9552"
    })
    void isThatOfRedis(String key, int slot) {
        assertThat(KeySlot.of(key)).isEqualTo(slot);
    }
}
