package dev.sandgate.proxy.log;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the access log, on a thread of its own. Event loops hand over filled pages and get empty ones; when the sink
 * is slower than the traffic, pages are dropped and counted, and requests go on. Owns its thread; close it once.
 */
public final class AccessLog {

    /** Where lines go; called on the log's thread only. May block. */
    @FunctionalInterface
    public interface Sink {

        /** Whole lines, each with its end. The bytes are the caller's again when this returns. */
        void write(byte[] bytes, int length);
    }

    private static final int PAGES = 64;
    private static final Page END = new Page();

    private final ArrayBlockingQueue<Page> filled = new ArrayBlockingQueue<>(PAGES + 1);
    private final ArrayBlockingQueue<Page> empty = new ArrayBlockingQueue<>(PAGES);
    private final LongAdder dropped = new LongAdder();
    private final Sink sink;
    private final Thread writer;

    public AccessLog(Sink sink) {
        this.sink = sink;
        this.writer = new Thread(this::run, "sandgate-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    private void run() {
        try {
            for (Page page = filled.take(); page != END; page = filled.take()) {
                sink.write(page.bytes(), page.length());
                page.clear();
                empty.offer(page);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A page to fill. Never waits. */
    public Page page() {
        Page page = empty.poll();
        return page == null ? new Page() : page;
    }

    /** Takes a filled page; the caller goes on with another. Never waits. */
    public void hand(Page page) {
        // one place stays free for the end mark
        if (filled.remainingCapacity() <= 1 || !filled.offer(page)) {
            dropped.add(page.lines());
        }
    }

    /** Lines lost since the start because the sink was too slow. */
    public long dropped() {
        return dropped.sum();
    }

    /** Writes what was handed over, then stops. Blocks up to two seconds; not for an event loop. */
    public void close() {
        try {
            filled.put(END);
            writer.join(2000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
