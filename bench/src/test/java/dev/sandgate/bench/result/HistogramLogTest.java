package dev.sandgate.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistogramLogTest {

    private static final Instant START = Instant.parse("2026-11-22T10:15:30.250Z");

    private final Path folder;

    HistogramLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void isReadByHdrHistogramsOwnReader() throws IOException {
        Path file = folder.resolve("run.hlog");
        try (HistogramLog log = new HistogramLog(file)) {
            log.second(START, of(2_000_000, 9_000_000), of(1_000_000));
            log.second(START.plusSeconds(1), of(), of());
            log.second(START.plusSeconds(2), of(7_000_000), of(5_000_000));
        }
        List<EncodableHistogram> intervals = intervals(file);
        assertThat(intervals)
                .extracting(EncodableHistogram::getTag)
                .containsExactly("response", "service", "response", "service", "response", "service");
        assertThat(intervals).extracting(HistogramLogTest::count).containsExactly(2L, 1L, 0L, 0L, 1L, 1L);
        assertThat(intervals.get(4).getStartTimeStamp())
                .isEqualTo(START.plusSeconds(2).toEpochMilli());
        assertThat(intervals.get(4).getEndTimeStamp())
                .isEqualTo(START.plusSeconds(3).toEpochMilli());
        assertThat(intervals.get(0).getMaxValueAsDouble()).isBetween(9e6, 9.01e6);
    }

    @Test
    void tellsThatTheFileCannotBeHad() {
        Path nowhere = folder.resolve("nowhere").resolve("run.hlog");
        assertThatThrownBy(() -> new HistogramLog(nowhere).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void tellsThatItWasNotWrittenWhole() throws IOException {
        Path full = Path.of("/dev/full");
        assertThat(Files.exists(full)).isTrue();
        HistogramLog log = new HistogramLog(full);
        log.second(START, of(1), of(1));
        assertThatThrownBy(log::close).hasMessage("/dev/full: could not be written whole");
    }

    private static List<EncodableHistogram> intervals(Path file) throws IOException {
        List<EncodableHistogram> intervals = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                intervals.add(next);
            }
        }
        return intervals;
    }

    private static long count(EncodableHistogram interval) {
        return ((Histogram) interval).getTotalCount();
    }

    private static Histogram of(long... nanos) {
        Histogram histogram = new Histogram(3);
        for (long value : nanos) {
            histogram.recordValue(value);
        }
        return histogram;
    }
}
