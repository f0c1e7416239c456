package dev.sandgate.bench.report;

import dev.sandgate.bench.result.Figures;
import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.FaultSeen;
import dev.sandgate.bench.result.Result.ProgramUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The numbers behind the plots, and where they come from. */
final class Tables {

    private static final int MANY = 8;

    private final Result result;

    private Tables(Result result) {
        this.result = result;
    }

    static Html of(Result result) {
        Tables tables = new Tables(result);
        return Html.all(List.of(
                tables.latencies(),
                tables.requests(),
                tables.sessions(),
                tables.faults(),
                tables.stalls(),
                tables.programs(),
                tables.environment(),
                tables.scenario()));
    }

    private Html latencies() {
        return section(
                "Times",
                Html.table(
                        "lrrrrrrrrr",
                        List.of("", "p50", "p75", "p90", "p99", "p99.9", "p99.99", "max", "mean", "of"),
                        List.of(
                                latency("response", result.response()),
                                latency("service", result.service()),
                                latency("admission wait", result.admissionWait()))));
    }

    private static List<String> latency(String name, Latency latency) {
        List<String> row = new ArrayList<>(List.of(name));
        for (double millis : new double[] {
            latency.p50(),
            latency.p75(),
            latency.p90(),
            latency.p99(),
            latency.p999(),
            latency.p9999(),
            latency.max(),
            latency.mean()
        }) {
            row.add(latency.count() == 0 ? "-" : Figures.millis(millis));
        }
        row.add(Figures.count(latency.count()));
        return row;
    }

    private Html requests() {
        Result.Requests requests = result.requests();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("planned", Figures.count(requests.planned())));
        rows.add(List.of("answered", Figures.count(requests.answered())));
        rows.add(List.of("answered a second", Figures.perSecond(requests.perSecond())));
        rows.add(List.of("failed", Figures.count(requests.failed())));
        rows.addAll(byReason("failed: ", result.failures()));
        return section("Requests", Html.table("lr", List.of(), rows));
    }

    private Html sessions() {
        Result.SessionCounts sessions = result.sessions();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("planned", Figures.count(sessions.planned())));
        rows.add(List.of("admitted", Figures.count(sessions.admitted())));
        rows.add(List.of("admitted a second", Figures.perSecond(sessions.admittedPerSecond())));
        rows.addAll(byReason("refused: ", sessions.refused()));
        rows.addAll(byReason("lost: ", sessions.lost()));
        rows.add(List.of("ended and were heard", Figures.count(sessions.ended())));
        rows.add(List.of("vanished without a word", Figures.count(sessions.vanished())));
        rows.add(List.of("most open at a time", Figures.count(sessions.most())));
        return section("Sessions", Html.table("lr", List.of(), rows));
    }

    private static List<List<String>> byReason(String prefix, Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(count -> List.of(prefix + count.getKey(), Figures.count(count.getValue())))
                .toList();
    }

    private Html faults() {
        if (result.faults().isEmpty()) {
            return Html.NOTHING;
        }
        List<List<String>> rows = new ArrayList<>();
        for (FaultSeen fault : result.faults()) {
            rows.add(List.of(
                    String.valueOf(rows.size() + 1),
                    at(fault.at()),
                    fault.what(),
                    fault.failed() == 0 ? "nothing failed" : Figures.millis(fault.recoveredAfter()),
                    Figures.count(fault.failed()),
                    Figures.count(fault.lost())));
        }
        return section(
                "Faults, made on purpose",
                Html.p("Recovered: from the fault to the end of the last request that failed before the next fault."),
                Html.table("rrlrrr", List.of("", "at", "what", "recovered after", "failed", "sessions lost"), rows));
    }

    private Html stalls() {
        if (result.stalls().isEmpty()) {
            return Html.NOTHING;
        }
        return section(
                "Stalls",
                Html.p(
                        "Nothing was answered for so long, though something was asked and the load generator was awake."),
                Html.table(
                        "rr",
                        List.of("at", "lasted"),
                        result.stalls().stream()
                                .map(stall -> List.of(at(stall.at()), Figures.millis(stall.lasted())))
                                .toList()));
    }

    private Html programs() {
        List<ProgramUse> sorted = result.programs().stream()
                .sorted(Comparator.comparing((ProgramUse program) -> !program.door())
                        .thenComparing(ProgramUse::name, Names.ORDER))
                .toList();
        List<ProgramUse> shown = sorted.size() <= MANY
                ? sorted
                : sorted.stream().filter(ProgramUse::door).toList();
        List<List<String>> rows = new ArrayList<>();
        shown.forEach(program -> rows.add(row(program)));
        ProgramUse others =
                sum(sorted.stream().filter(one -> !shown.contains(one)).toList());
        if (shown.size() < sorted.size()) {
            rows.add(row(others));
        }
        double cpuSeconds = result.generator().cpu() * result.seconds();
        rows.add(List.of(
                "the load generator",
                "",
                Figures.number(cpuSeconds) + " s",
                Figures.percent(result.generator().cpu()),
                "",
                ""));
        List<String> head = List.of("", "door", "CPU time", "of a core", "CPU per answered request", "most memory");
        Html all = shown.size() == sorted.size()
                ? Html.NOTHING
                : Html.folded(
                        "All " + sorted.size() + " programs",
                        Html.table(
                                "llrrrr", head, sorted.stream().map(this::row).toList()));
        String lag = "The load generator was late by "
                + Figures.millis(result.generator().lagP99()) + " (p99), by "
                + Figures.millis(result.generator().lagMax()) + " at most.";
        return section("Programs", Html.table("llrrrr", head, rows), all, Html.p(lag));
    }

    private List<String> row(ProgramUse program) {
        return List.of(
                program.name(),
                program.door() ? "yes" : "",
                Figures.number(program.cpuSeconds()) + " s",
                result.seconds() > 0 ? Figures.percent(program.cpuSeconds() / result.seconds()) : "-",
                result.requests().answered() == 0
                        ? "-"
                        : Figures.number(program.cpuMicrosPer(result.requests().answered())) + " us",
                Figures.bytes((double) program.memory()));
    }

    private static ProgramUse sum(List<ProgramUse> programs) {
        return new ProgramUse(
                programs.size() + " others, together",
                false,
                programs.stream().mapToDouble(ProgramUse::cpuSeconds).sum(),
                programs.stream().mapToLong(ProgramUse::memory).sum());
    }

    private Html environment() {
        Result.Environment where = result.environment();
        return section(
                "Environment",
                Html.table(
                        "ll",
                        List.of(),
                        List.of(
                                List.of("Sandgate", where.sandgate()),
                                List.of("Java of the load generator", where.java()),
                                List.of("system", where.system()),
                                List.of("processor", where.processor()),
                                List.of("cores", String.valueOf(where.cores())),
                                List.of("load average before", Figures.number(where.loadBefore())),
                                List.of("started", result.started().toString()),
                                List.of("measured for", Figures.number(result.seconds()) + " s"))));
    }

    private Html scenario() {
        return section(
                "Scenario",
                Html.folded(
                        "As it was read, with what was filled in",
                        Html.tag("pre", Html.text(result.scenario().toPrettyString()))));
    }

    private static Html section(String title, Html... inside) {
        return Html.tag("section", Html.tag("h2", Html.text(title)), Html.all(List.of(inside)));
    }

    private static String at(double millis) {
        return Figures.number(millis / 1e3) + " s";
    }
}
