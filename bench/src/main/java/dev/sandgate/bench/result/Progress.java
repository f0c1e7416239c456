package dev.sandgate.bench.result;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run does right now, for who waits for it: a line a second, or on a terminal one line with a bar that is written
 * over. Used by one thread.
 */
public final class Progress implements AutoCloseable {

    private static final int BAR = 20;
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR_REST = "\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final long warmUp;
    private final long total;
    private long failed;
    private boolean written;

    /**
     * Nothing is written before the first second.
     *
     * @param terminal whether a line may be written over; see {@link #isTerminal}
     * @param warmUp as in the scenario
     * @param measured as in the scenario
     */
    public Progress(PrintWriter out, boolean terminal, Duration warmUp, Duration measured) {
        this.out = out;
        this.terminal = terminal;
        this.warmUp = seconds(warmUp);
        this.total = seconds(measured);
    }

    /**
     * Whether the process's file descriptor (1: output, 2: errors) is a terminal that understands escapes. False where it
     * cannot be known: {@code System.console()} means another thing on each Java.
     */
    public static boolean isTerminal(int descriptor) {
        String term = System.getenv("TERM");
        if (term == null || term.equals("dumb")) {
            return false;
        }
        try {
            Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /**
     * Shows the second that is just over.
     *
     * @param violations so far
     */
    public void second(Result.Second newest, long violations) {
        boolean warming = newest.second() < 0;
        failed = newest.failed() + (newest.second() == 0 ? 0 : failed);
        long done = newest.second() + 1 + (warming ? warmUp : 0);
        String when = (warming ? "warm-up " : "") + done + "/" + (warming ? warmUp : total) + "s";
        if (terminal) {
            long left = Math.max(0, total - newest.second() - 1);
            // what is cut off where the terminal is narrow comes last
            out.print("\r" + NO_WRAP + when + "  " + bar(done, warming ? warmUp : total) + " " + left + "s left  "
                    + Figures.count(newest.answered()) + "/s  p99 " + Figures.millis(newest.p99())
                    + "  failed " + Figures.count(failed) + "  violations " + Figures.count(violations)
                    + "  sessions " + Figures.count(newest.sessions()) + "  p50 " + Figures.millis(newest.p50())
                    + "  max " + Figures.millis(newest.max()) + CLEAR_REST + WRAP);
        } else {
            out.println(when + "  " + Figures.count(newest.answered()) + "/s  p50 " + Figures.millis(newest.p50())
                    + "  p99 " + Figures.millis(newest.p99()) + "  max " + Figures.millis(newest.max())
                    + "  sessions " + Figures.count(newest.sessions()) + "  failed " + Figures.count(failed)
                    + "  violations " + Figures.count(violations));
        }
        out.flush();
        written = true;
    }

    /** Ends the line that was written over, so that the next one stands below it. Leaves the writer open. */
    @Override
    public void close() {
        if (terminal && written) {
            out.println();
            out.flush();
        }
    }

    private static String bar(long done, long of) {
        int full = (int) Math.min(BAR, BAR * done / Math.max(1, of));
        return "[" + "#".repeat(Math.max(0, full)) + "-".repeat(BAR - Math.max(0, full)) + "]";
    }

    private static long seconds(Duration duration) {
        return (duration.toMillis() + 999) / 1_000;
    }
}
