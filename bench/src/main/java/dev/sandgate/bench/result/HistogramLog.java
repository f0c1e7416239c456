package dev.sandgate.bench.result;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A file in HdrHistogram's own log format ({@code .hlog}), for the tools that read it: two lines a second, tagged
 * {@code response} and {@code service}; values are nanoseconds, the column of maxima is milliseconds. Used by one thread.
 */
public final class HistogramLog implements AutoCloseable {

    private static final double MILLIS = 1e3;
    private static final double NANOS_A_MILLI = 1e6;

    private final Path file;
    private final PrintStream lines;
    private final HistogramLogWriter writer;
    private long base;
    private boolean begun;

    /** Opens the file; one that is there is written over. */
    public HistogramLog(Path file) throws IOException {
        this.file = file;
        lines = new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(lines);
        writer.outputLogFormatVersion();
    }

    /**
     * Writes what was measured in one second.
     *
     * @param start of the second; that of the first call is the log's
     * @param response nanoseconds; is given the tag
     * @param service nanoseconds; is given the tag
     */
    public void second(Instant start, Histogram response, Histogram service) {
        if (!begun) {
            begun = true;
            base = start.toEpochMilli();
            writer.outputStartTime(base);
            writer.setBaseTime(base);
            writer.outputBaseTime(base);
            writer.outputLegend();
        }
        double from = (start.toEpochMilli() - base) / MILLIS;
        response.setTag("response");
        writer.outputIntervalHistogram(from, from + 1, response, NANOS_A_MILLI);
        service.setTag("service");
        writer.outputIntervalHistogram(from, from + 1, service, NANOS_A_MILLI);
    }

    /** Closes the file; fails where not all of it could be written. */
    @Override
    public void close() throws IOException {
        lines.close();
        // a PrintStream keeps its failures to itself
        if (lines.checkError()) {
            throw new IOException(file + ": could not be written whole");
        }
    }
}
