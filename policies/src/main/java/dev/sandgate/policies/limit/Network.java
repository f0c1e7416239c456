package dev.sandgate.policies.limit;

import dev.sandgate.affinity.SessionKey;
import io.netty.util.NetUtil;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The first bits of an IPv6 address; all others are zero.
 *
 * @param high the first 64
 * @param low the rest
 */
record Network(long high, long low) implements Comparable<Network> {

    /** Somebody who has a /32 chooses 32 bits: with a hash that nobody knows they cannot choose where these meet. */
    private static final long SALT = ThreadLocalRandom.current().nextLong();

    private static final long MAPPED = 0xffff;

    /**
     * What the address counts as: an IPv4 address as itself, also where it is written as IPv6 (RFC 4291 section 2.5.5.2).
     *
     * @param prefix bits that count, 1 to 128
     */
    static Object of(String address, int prefix) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != 16) {
            return BriefText.of(address);
        }
        long high = number(bytes, 0);
        long low = number(bytes, 8);
        if (high == 0 && low >>> 32 == MAPPED) {
            return NetUtil.bytesToIpAddress(bytes, 12, 4);
        }
        return new Network(high & mask(prefix), low & mask(prefix - 64));
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int at = from; at < from + 8; at++) {
            number = (number << 8) | (bytes[at] & 0xff);
        }
        return number;
    }

    private static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1 : -1L << (64 - bits);
    }

    @Override
    public int compareTo(Network other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(SessionKey.mix(SessionKey.mix(high ^ SALT) ^ low));
    }
}
