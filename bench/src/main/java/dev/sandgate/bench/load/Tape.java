package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.FaultSeen;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Everything that is counted and timed, from the start of the run. What was due in the warm-up is on the line of its
 * second, and in no total. One thread.
 */
final class Tape {

    private static final int DIGITS = 3;
    private static final double MILLIS = 1e6;
    private static final long SECOND = 1_000_000_000;

    private final long warmUp;
    private long end;
    private final Histogram response = new Histogram(DIGITS);
    private final Histogram service = new Histogram(DIGITS);
    private final Histogram admission = new Histogram(DIGITS);
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> lost = new TreeMap<>();
    private final Map<String, Integer> slots = new TreeMap<>();
    private final List<Second> timeline = new ArrayList<>();
    private final List<Seen> faults = new ArrayList<>();
    private Interval now = new Interval();
    private long planned;
    private long answered;
    private long failed;
    private long sessionsPlanned;
    private long admitted;
    private long ended;
    private long vanished;
    private int open;
    private int most;

    /** One second, as it grows. */
    static final class Interval {

        private final Histogram response = new Histogram(DIGITS);
        private final Histogram service = new Histogram(DIGITS);
        private long planned;
        private long answered;
        private long failed;
        private long admitted;
        private final Histogram admission = new Histogram(DIGITS);
        private final Map<String, Long> failures = new TreeMap<>();
        private final Map<String, Long> refused = new TreeMap<>();

        Histogram response() {
            return response;
        }

        Histogram service() {
            return service;
        }
    }

    private static final class Seen {

        private final long at;
        private final String what;
        private long last;
        private long failed;
        private long lost;

        private Seen(long at, String what) {
            this.at = at;
            this.what = what;
            this.last = at;
        }
    }

    /**
     * For one run; all moments are nanoseconds from its start.
     *
     * @param warmUp when measuring begins
     * @param end when nothing more is due
     */
    Tape(long warmUp, long end) {
        this.warmUp = warmUp;
        this.end = end;
    }

    /** The run is over before its time. */
    void endsAt(long moment) {
        end = Math.max(warmUp + 1, Math.min(end, moment));
    }

    boolean measured(long due) {
        return due >= warmUp && due < end;
    }

    /** A request that was due then and sent later is over. */
    void request(long due, long sent, long over, String failure) {
        now.planned++;
        if (failure.isEmpty()) {
            now.answered++;
            now.response.recordValue(over - due);
            now.service.recordValue(over - sent);
        } else {
            now.failed++;
            now.failures.merge(failure, 1L, Long::sum);
            // what ends the run is no fault's doing
            if (due < end && !faults.isEmpty()) {
                Seen fault = faults.get(faults.size() - 1);
                fault.failed++;
                fault.last = over;
            }
        }
        if (!measured(due)) {
            return;
        }
        planned++;
        if (failure.isEmpty()) {
            answered++;
            response.recordValue(over - due);
            service.recordValue(over - sent);
        } else {
            failed++;
            failures.merge(failure, 1L, Long::sum);
        }
    }

    void sessionPlanned(long due) {
        sessionsPlanned += measured(due) ? 1 : 0;
    }

    void sessionAdmitted(long due, long at) {
        now.admitted++;
        now.admission.recordValue(at - due);
        open++;
        most = Math.max(most, open);
        if (measured(due)) {
            admitted++;
            admission.recordValue(at - due);
        }
    }

    void sessionRefused(long due, String why) {
        now.refused.merge(why, 1L, Long::sum);
        if (measured(due)) {
            refused.merge(why, 1L, Long::sum);
        }
    }

    void sessionLost(String why) {
        lost.merge(why, 1L, Long::sum);
        if (!faults.isEmpty()) {
            faults.get(faults.size() - 1).lost++;
        }
    }

    /** A session that was due then, and was admitted, is over. */
    void sessionOver(long due, boolean withAWord, boolean withoutAWord) {
        open--;
        if (measured(due)) {
            ended += withAWord ? 1 : 0;
            vanished += withoutAWord ? 1 : 0;
        }
    }

    /** An instance has a session more (1) or less (-1). */
    void slot(String instance, int step) {
        slots.merge(instance, step, (a, b) -> a + b);
    }

    void fault(long at, String what) {
        faults.add(new Seen(at, what));
    }

    /** Ends a second's line and gives what was timed in it. */
    Interval second(long at, double cpu, double lagMillis, Map<String, Use> programs) {
        Interval over = now;
        now = new Interval();
        Map<String, Integer> held = new TreeMap<>(slots);
        held.values().removeIf(count -> count == 0);
        timeline.add(new Second(
                (int) Math.floorDiv(at - warmUp - SECOND / 2, SECOND),
                over.planned,
                over.answered,
                over.failed,
                over.failures,
                over.admitted,
                over.refused,
                over.admission.getValueAtPercentile(99) / MILLIS,
                over.response.getValueAtPercentile(50) / MILLIS,
                over.response.getValueAtPercentile(99) / MILLIS,
                over.response.getMaxValue() / MILLIS,
                open,
                held,
                cpu,
                lagMillis,
                new HashMap<>(programs)));
        return over;
    }

    List<Second> timeline() {
        return List.copyOf(timeline);
    }

    Latency response() {
        return Latency.of(response);
    }

    Latency service() {
        return Latency.of(service);
    }

    Latency admission() {
        return Latency.of(admission);
    }

    Map<String, Long> failures() {
        return failures;
    }

    double seconds() {
        return (end - warmUp) / (double) SECOND;
    }

    Result.Requests requests() {
        return new Result.Requests(planned, answered, failed, answered / seconds());
    }

    Result.SessionCounts sessions() {
        return new Result.SessionCounts(
                sessionsPlanned, admitted, refused, lost, ended, vanished, admitted / seconds(), most);
    }

    List<FaultSeen> faults() {
        return faults.stream()
                .map(seen -> new FaultSeen(
                        (seen.at - warmUp) / MILLIS, seen.what, (seen.last - seen.at) / MILLIS, seen.failed, seen.lost))
                .toList();
    }
}
