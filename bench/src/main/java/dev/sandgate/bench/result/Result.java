package dev.sandgate.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run found: the whole content of its JSON file. All times are in milliseconds unless a name says otherwise, all
 * moments in milliseconds from the start of what is measured (the warm-up lies before 0).
 *
 * @param format of this file; {@value #FORMAT}
 * @param name the scenario's
 * @param scenario as it was read, with its seed and ports filled in
 * @param openModel whether sessions came by a plan of their own, whatever the door did
 * @param seconds what was measured, warm-up aside
 * @param failures requests that failed, by reason: the problem's {@code reason}, {@code status-502}, {@code cut},
 *     {@code timeout}, {@code refused}
 * @param timeline one for each second
 * @param response from the moment at which each request was due (coordinated omission): what a user waited
 * @param service from the moment at which each request was sent: what the door took
 * @param admissionWait from the moment at which a session was due to its first answer
 * @param violations promises that were broken; empty: none
 * @param stalls when nothing was answered though something was asked
 */
@JsonPropertyOrder({"format", "name", "passed"})
@JsonIgnoreProperties(value = "passed", allowGetters = true)
public record Result(
        int format,
        String name,
        JsonNode scenario,
        Environment environment,
        Instant started,
        boolean openModel,
        double seconds,
        Requests requests,
        SessionCounts sessions,
        Map<String, Long> failures,
        Latency response,
        Latency service,
        Latency admissionWait,
        List<Second> timeline,
        List<Violation> violations,
        List<Stall> stalls,
        List<FaultSeen> faults,
        List<ProgramUse> programs,
        Generator generator,
        List<Assertion.Outcome> assertions) {

    /** Raised whenever a field changes its meaning. */
    public static final int FORMAT = 1;

    /** Whether anything was answered, no promise was broken, and each assertion holds. */
    @JsonProperty
    public boolean passed() {
        return requests.answered() > 0
                && violations.isEmpty()
                && assertions.stream().allMatch(Assertion.Outcome::holds);
    }

    /** The same, with what comes of these. */
    public Result judged(List<Assertion> by) {
        return with(by.stream().map(assertion -> assertion.on(this)).toList());
    }

    private Result with(List<Assertion.Outcome> outcomes) {
        return new Result(
                format,
                name,
                scenario,
                environment,
                started,
                openModel,
                seconds,
                requests,
                sessions,
                failures,
                response,
                service,
                admissionWait,
                timeline,
                violations,
                stalls,
                faults,
                programs,
                generator,
                outcomes);
    }

    /** Where it ran. */
    public record Environment(
            String sandgate, String java, String system, String processor, int cores, double loadBefore) {}

    /**
     * How many there were.
     *
     * @param planned were due in what is measured
     * @param answered as they should be
     * @param perSecond answered, in the mean
     */
    public record Requests(long planned, long answered, long failed, double perSecond) {}

    /**
     * What became of the sessions.
     *
     * @param planned were due in what is measured
     * @param admitted got their first answer
     * @param refused did not, by reason
     * @param lost were told by the door to be lost, by reason
     * @param ended said that they end, and were heard
     * @param vanished went away without a word
     * @param admittedPerSecond in the mean
     * @param most that were open at a time
     */
    public record SessionCounts(
            long planned,
            long admitted,
            Map<String, Long> refused,
            Map<String, Long> lost,
            long ended,
            long vanished,
            double admittedPerSecond,
            int most) {}

    /**
     * One second of the run.
     *
     * @param second 0 is the first that is measured; below 0 is warm-up
     * @param failures requests that failed, by reason
     * @param admitted sessions that got their first answer
     * @param refused sessions that did not, by reason; each is a request that failed, too
     * @param admissionP99 of the time from the moment at which a session was due to its first answer; 0 where none came
     * @param p50 of the response time, of what was answered in it; 0 where nothing was
     * @param sessions open at its end
     * @param slots sessions that were answered by each instance and are open, at its end
     * @param generatorCpu of one core, 0 to 1
     * @param lag the longest that the generator itself was late
     */
    public record Second(
            int second,
            long planned,
            long answered,
            long failed,
            Map<String, Long> failures,
            long admitted,
            Map<String, Long> refused,
            double admissionP99,
            double p50,
            double p99,
            double max,
            int sessions,
            Map<String, Integer> slots,
            double generatorCpu,
            double lag,
            Map<String, Use> programs) {}

    /**
     * What a program used in one second.
     *
     * @param cpu cores, 0 to the number of them
     * @param memory resident bytes
     */
    public record Use(double cpu, long memory) {}

    /** Nothing was answered from here on for so long, though something was asked and the generator was awake. */
    public record Stall(double at, double lasted) {}

    /**
     * A fault and what came of it.
     *
     * @param recoveredAfter from the fault to the end of the last request that failed because of it (before the next
     *     fault); 0: none failed
     * @param failed requests that failed in that time
     * @param lost sessions that were told to be lost in that time
     */
    public record FaultSeen(double at, String what, double recoveredAfter, long failed, long lost) {}

    /**
     * What a program used while it was measured.
     *
     * @param door whether it counts as the door's
     * @param cpuSeconds user and system, of the process's own accounting
     * @param memory the most resident bytes
     */
    public record ProgramUse(String name, boolean door, double cpuSeconds, long memory) {

        /** For each request that was answered; 0 where none was. */
        public double cpuMicrosPer(long answered) {
            return answered == 0 ? 0 : cpuSeconds * 1e6 / answered;
        }
    }

    /**
     * The load generator about itself.
     *
     * @param cpu of one core, 0 to 1, in the mean
     * @param lagP99 how late it was with what was due
     * @param bottleneck why its figures say more of itself than of the door; empty: they do not
     */
    public record Generator(double cpu, double lagP99, double lagMax, String bottleneck) {}
}
