package dev.sandgate.bench;

import dev.sandgate.bench.result.Assertion;
import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.FaultSeen;
import dev.sandgate.bench.result.Result.ProgramUse;
import dev.sandgate.bench.result.Violation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** A result in a few lines, for the terminal. */
final class Summary {

    private static final int PROOFS_SHOWN = 3;
    private static final double MIB = 1024.0 * 1024;

    private final PrintWriter out;

    Summary(PrintWriter out) {
        this.out = out;
    }

    /** Tells what was found, the worst last, where it is seen. */
    void tell(Result result, Path file) {
        line("%s: %s model, %.0f s", result.name(), result.openModel() ? "open" : "closed", result.seconds());
        line(
                "requests   %d planned, %d answered (%.1f/s), %d failed %s",
                result.requests().planned(),
                result.requests().answered(),
                result.requests().perSecond(),
                result.requests().failed(),
                result.failures());
        line(
                "sessions   %d planned, %d admitted (%.1f/s), refused %s, lost %s, at most %d at a time",
                result.sessions().planned(),
                result.sessions().admitted(),
                result.sessions().admittedPerSecond(),
                result.sessions().refused(),
                result.sessions().lost(),
                result.sessions().most());
        times("response", result.response());
        times("service", result.service());
        times("admission", result.admissionWait());
        for (FaultSeen fault : result.faults()) {
            line(
                    "fault      at %.1f s: %s; %d requests failed, %d sessions lost, recovered after %.0f ms",
                    fault.at() / 1000, fault.what(), fault.failed(), fault.lost(), fault.recoveredAfter());
        }
        for (ProgramUse use : result.programs()) {
            line(
                    "program    %s: %.2f s of CPU, %.0f µs a request, at most %.0f MiB",
                    use.name(),
                    use.cpuSeconds(),
                    use.cpuMicrosPer(result.requests().answered()),
                    use.memory() / MIB);
        }
        line(
                "generator  %.0f %% of a core, late by %.1f ms (p99)",
                result.generator().cpu() * 100, result.generator().lagP99());
        if (!result.generator().bottleneck().isEmpty()) {
            line(
                    "BOTTLENECK the figures say more of the bench than of the door: %s",
                    result.generator().bottleneck());
        }
        result.stalls().forEach(stall -> line("stall      at %.1f s for %.0f ms", stall.at() / 1000, stall.lasted()));
        result.assertions().forEach(this::assertion);
        result.violations().forEach(this::violation);
        line("%s; all of it: %s", result.passed() ? "PASSED" : "FAILED", file);
        out.flush();
    }

    private void times(String what, Latency latency) {
        line(
                "%-10s p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  p99.99 %.2f  max %.2f ms",
                what, latency.p50(), latency.p90(), latency.p99(), latency.p999(), latency.p9999(), latency.max());
    }

    private void assertion(Assertion.Outcome outcome) {
        line("assert     %s: %s (%s)", outcome.text(), outcome.holds() ? "holds" : "DOES NOT HOLD", outcome.actual());
    }

    private void violation(Violation violation) {
        line("BROKEN     %s, %d times", violation.kind().told(), violation.count());
        violation.proofs().stream().limit(PROOFS_SHOWN).forEach(proof -> line("           %s", proof));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
