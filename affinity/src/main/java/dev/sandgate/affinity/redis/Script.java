package dev.sandgate.affinity.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, and the name under which Redis remembers it.
 *
 * @param name for logs
 * @param text what Redis runs
 * @param sha1 of the text, in lower-case hex digits
 */
record Script(String name, String text, String sha1) {

    static Script of(String name, String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(name, text, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JVM has SHA-1", missing);
        }
    }

    /** Of the resources beside this class, {@code <part>.lua}, one after the other; named by the last. */
    static Script read(String... parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(resource(part + ".lua"));
        }
        return of(parts[parts.length - 1], text.toString());
    }

    private static String resource(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(file, failure);
        }
    }
}
