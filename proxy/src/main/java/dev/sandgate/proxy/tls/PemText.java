package dev.sandgate.proxy.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text in PEM (RFC 7468).
 *
 * @param name by which people know it: mostly a file's path
 */
public record PemText(String name, String text) {

    /** One block, by what stands behind {@code BEGIN}. */
    @SuppressWarnings("ArrayRecordComponent") // read once, by who asked for it
    record Block(String label, byte[] der) {}

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    /** Its blocks, in their order; what stands between them is a comment. */
    List<Block> blocks() throws FlawedKey {
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int at = 0;
        while (begin.find(at)) {
            String label = begin.group(1);
            String last = "-----END " + label + "-----";
            int end = text.indexOf(last, begin.end());
            if (end < 0) {
                throw flaw("ends within a block (expected: " + last + ")");
            }
            blocks.add(block(label, text.substring(begin.end(), end)));
            at = end + last.length();
        }
        return blocks;
    }

    private Block block(String label, String body) throws FlawedKey {
        if (body.contains("Proc-Type:")) {
            throw encrypted();
        }
        try {
            return new Block(label, Base64.getMimeDecoder().decode(body.strip()));
        } catch (IllegalArgumentException broken) {
            throw flaw("is not base64 within " + label);
        }
    }

    FlawedKey encrypted() {
        return flaw("has an encrypted key (expected: a key without a passphrase)");
    }

    FlawedKey flaw(String what) {
        return new FlawedKey(name, what);
    }

    /** The name only. */
    @Override
    public String toString() {
        return "PemText[" + name + "]";
    }
}
