package dev.sandgate.proxy.shelf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How records are called as files: no name leaves the folder, and no two share a file, whatever the file system folds. */
final class RecordNames {

    /** Most file systems take 255 bytes, some of which the ending needs. */
    private static final int LONGEST = 200;

    private RecordNames() {}

    /** The same text for the same name: lower-case letters, digits and {@code -_.%~}, at most 200. */
    static String file(String name) {
        StringBuilder file = new StringBuilder();
        for (byte each : name.getBytes(UTF_8)) {
            boolean plain = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-' || each == '_';
            // a dot in front would hide it, or be the folder itself
            if (plain || (each == '.' && file.length() > 0)) {
                file.append((char) each);
            } else {
                file.append('%').append(HexFormat.of().toHexDigits(each));
            }
        }
        return file.length() == 0 || file.length() > LONGEST ? "~" + digest(name) : file.toString();
    }

    private static String digest(String name) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
