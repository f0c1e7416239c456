package dev.sandgate.proxy.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a child writes, line by line into the log, after its name. Lines are cut at {@link #LONGEST} bytes, characters
 * that steer a terminal are left out, and of more than {@link #MOST} lines a second the rest is counted only: a child
 * that babbles fills no disk. On a thread of its own, which ends with the last process that has the child's output.
 */
final class ChildOutput implements Runnable {

    static final int LONGEST = 4096;
    static final int MOST = 100;

    private static final Logger LOG = LoggerFactory.getLogger("instance");
    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\t]]");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final InputStream stream;
    private final byte[] line = new byte[LONGEST];
    private int length;
    private boolean cut;
    private long window = System.nanoTime();
    private int told;
    private long untold;

    private ChildOutput(String name, InputStream stream) {
        this.name = name;
        this.stream = stream;
    }

    static void follow(String name, InputStream stream) {
        Thread thread = new Thread(new ChildOutput(name, stream), "output of " + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        byte[] piece = new byte[8192];
        try (stream) {
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                for (int at = 0; at < read; at++) {
                    take(piece[at]);
                }
            }
        } catch (IOException broken) {
            LOG.debug("{}: its output broke off", name, broken);
        }
        if (length > 0) {
            tell();
        }
        tellUntold();
    }

    private void take(byte one) {
        if (one == '\n') {
            tell();
        } else if (length < LONGEST) {
            line[length++] = one;
        } else {
            cut = true;
        }
    }

    private void tell() {
        long now = System.nanoTime();
        if (now - window >= SECOND) {
            tellUntold();
            window = now;
            told = 0;
        }
        if (told < MOST) {
            told++;
            LOG.info("{}: {}{}", name, text(), cut ? " ..." : "");
        } else {
            untold++;
        }
        length = 0;
        cut = false;
    }

    private String text() {
        String raw = new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
        return CONTROL.matcher(ESCAPE.matcher(raw).replaceAll("")).replaceAll("?");
    }

    private void tellUntold() {
        if (untold > 0) {
            LOG.info("{}: {} more lines within a second, left out", name, untold);
            untold = 0;
        }
    }
}
