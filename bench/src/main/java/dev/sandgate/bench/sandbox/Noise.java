package dev.sandgate.bench.sandbox;

import io.vertx.core.buffer.Buffer;

/**
 * Bytes that look random and are the same on every run and machine: byte {@code p} depends on {@code p} alone, so that
 * any part can be made, and checked, without the parts before it. A mixed counter (the finaliser of SplitMix64).
 */
public final class Noise {

    private Noise() {}

    /** The bytes from this position on. */
    public static Buffer piece(long position, int length) {
        byte[] bytes = new byte[length];
        long word = mix(position >>> 3);
        for (int i = 0; i < length; i++) {
            long at = position + i;
            if ((at & 7) == 0) {
                word = mix(at >>> 3);
            }
            bytes[i] = (byte) (word >>> ((at & 7) << 3));
        }
        return Buffer.buffer(bytes);
    }

    private static long mix(long counter) {
        long z = (counter + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
