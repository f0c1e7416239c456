package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Result;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The load generator about itself: how much of a core its loop takes, and how late it is with what is due, which a beat of
 * 10 ms tells. On the loop only.
 */
final class Generator {

    private static final long BEAT = 10_000_000;
    private static final long NAP = 20_000_000;
    private static final double MILLIS = 1e6;
    private static final double BUSY = 0.85;
    private static final double LATE_MILLIS = 10;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long thread = Thread.currentThread().getId();
    private final Histogram lag = new Histogram(3);
    private final Run run;
    private long worst;
    private long due;
    private long cpuBefore;
    private long timeBefore;
    private long cpuAtStart;
    private long timeAtStart;

    /** Begins to beat; called on the loop. */
    Generator(Run run, EventLoop loop) {
        this.run = run;
        begin();
        due = run.now() + BEAT;
        var beats = loop.scheduleAtFixedRate(this::beat, BEAT, BEAT, TimeUnit.NANOSECONDS);
        loop.terminationFuture().addListener(ended -> beats.cancel(false));
    }

    /** From here on it counts: the warm-up is over. */
    void begin() {
        lag.reset();
        cpuAtStart = threads.getThreadCpuTime(thread);
        timeAtStart = run.now();
        cpuBefore = cpuAtStart;
        timeBefore = timeAtStart;
    }

    private void beat() {
        long late = Math.max(0, run.now() - due);
        due += BEAT;
        lag.recordValue(late);
        worst = Math.max(worst, late);
        if (late > NAP) {
            run.stalls().napped(late);
        }
    }

    /** Of one core, since it was asked last. */
    double cpu() {
        long cpu = threads.getThreadCpuTime(thread);
        long time = run.now();
        double share = (cpu - cpuBefore) / (double) Math.max(1, time - timeBefore);
        cpuBefore = cpu;
        timeBefore = time;
        return share;
    }

    /** The worst, in milliseconds, since it was asked last. */
    double lag() {
        long late = worst;
        worst = 0;
        return late / MILLIS;
    }

    Result.Generator told() {
        double share = (threads.getThreadCpuTime(thread) - cpuAtStart) / (double) Math.max(1, run.now() - timeAtStart);
        double p99 = lag.getValueAtPercentile(99) / MILLIS;
        return new Result.Generator(share, p99, lag.getMaxValue() / MILLIS, bottleneck(share, p99));
    }

    private static String bottleneck(double share, double p99) {
        if (share > BUSY) {
            return String.format(
                    Locale.ROOT,
                    "its one event loop was busy %.0f %% of the time: what is slow may be the bench, not the door",
                    share * 100);
        }
        if (p99 > LATE_MILLIS) {
            return String.format(
                    Locale.ROOT,
                    "it was late by %.1f ms (p99) with what was due: the machine has more to do than it can",
                    p99);
        }
        return "";
    }
}
