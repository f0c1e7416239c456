package dev.sandgate.proxy.process;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What tells our children from all other processes: a random word in their environment, which whatever they start
 * inherits, also when it leaves its parent. Where there is no {@code /proc} to read it from, nothing is found by it.
 */
final class Mark {

    /** The variable that holds it. */
    static final String VARIABLE = "SANDGATE_CHILD";

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Mark() {}

    static String made() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    static boolean fits(String mark) {
        return FORM.matcher(mark).matches();
    }

    /** The processes that carry this mark now. Blocks for some milliseconds. */
    static List<ProcessHandle> bearers(String mark) {
        return Proc.all(Proc.having(VARIABLE, mark));
    }

    /** The same, and all of the session that this process began. */
    static List<ProcessHandle> bearers(String mark, ProcessHandle leader) {
        return Proc.all(Proc.inSessionOf(leader).or(Proc.having(VARIABLE, mark)));
    }
}
