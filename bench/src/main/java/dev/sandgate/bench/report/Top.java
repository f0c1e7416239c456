package dev.sandgate.bench.report;

import dev.sandgate.bench.result.Assertion.Outcome;
import dev.sandgate.bench.result.Figures;
import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Violation;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What is read first: the verdict with its reasons, what the figures mean, and the figures. */
final class Top {

    private static final int SHORT = 3;

    private final Result result;

    private Top(Result result) {
        this.result = result;
    }

    static Html of(Result result) {
        Top top = new Top(result);
        return Html.all(List.of(
                top.heading(),
                top.verdict(),
                top.warning(),
                top.figures(),
                top.model(),
                top.assertions(),
                top.violations()));
    }

    private Html heading() {
        Result.Environment where = result.environment();
        String what = "Measured for " + Figures.number(result.seconds()) + " s from "
                + result.started().truncatedTo(ChronoUnit.SECONDS) + ". Sandgate "
                + where.sandgate() + ", Java " + where.java() + ", " + where.cores() + " cores of "
                + where.processor() + ".";
        return Html.tag("header", Html.tag("h1", Html.text(result.name())), Html.styled("p", "quiet", Html.text(what)));
    }

    private Html verdict() {
        List<Html> reasons = new ArrayList<>();
        if (result.requests().answered() == 0) {
            reasons.add(Html.tag("li", Html.text("Nothing was answered: there is nothing to judge by.")));
        }
        for (Violation violation : result.violations()) {
            reasons.add(Html.tag(
                    "li",
                    Html.tag("b", Html.text(violation.kind().told())),
                    Html.text(" " + often(violation) + ": " + violation.kind().meaning() + ".")));
        }
        for (Outcome outcome : result.assertions()) {
            if (!outcome.holds()) {
                reasons.add(Html.tag(
                        "li",
                        Html.tag("b", Html.text(outcome.text())),
                        Html.text(" does not hold: " + outcome.actual() + ".")));
            }
        }
        if (result.passed()) {
            int conditions = result.assertions().size();
            String held = conditions == 0
                    ? "No conditions were set."
                    : conditions == 1 ? "The one condition holds." : "The " + conditions + " conditions hold.";
            return box("passed", "Passed", Html.p("No promise to a session was broken. " + held));
        }
        return box("failed", "Failed", Html.tag("ul", Html.all(reasons)));
    }

    private Html warning() {
        String bottleneck = result.generator().bottleneck();
        return bottleneck.isEmpty()
                ? Html.NOTHING
                : box(
                        "warning",
                        "The load generator was the bottleneck",
                        Html.p("Of itself it says: " + bottleneck + "."),
                        Html.p("The figures say more of it than of the door. Give it more cores, or less to do."));
    }

    private Html figures() {
        Latency response = result.response();
        boolean measured = response.count() > 0;
        long lost = result.sessions().lost().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return Html.styled(
                "div",
                "figures",
                figure("answered", Figures.perSecond(result.requests().perSecond())),
                figure("failed", Figures.count(result.requests().failed())),
                figure("p50", measured ? Figures.millis(response.p50()) : "-"),
                figure("p99", measured ? Figures.millis(response.p99()) : "-"),
                figure("p99.9", measured ? Figures.millis(response.p999()) : "-"),
                figure("max", measured ? Figures.millis(response.max()) : "-"),
                figure("sessions admitted", Figures.count(result.sessions().admitted())),
                figure("sessions lost", Figures.count(lost)));
    }

    private static Html figure(String name, String value) {
        return Html.tag(
                "div", Html.styled("span", "name", Html.text(name)), Html.styled("span", "value", Html.text(value)));
    }

    private Html model() {
        String arrival = result.scenario().path("arrival").isMissingNode()
                ? ""
                : " (" + result.scenario().path("arrival") + ")";
        String model = result.openModel()
                ? "Open model" + arrival + ": sessions came by a plan of their own, however slow the door was."
                : "Closed model" + arrival + ": each session waited for another to be over, so a slow door got less to "
                        + "do. The response times of users who come unasked would be longer.";
        return Html.styled(
                "section",
                "model",
                Html.p(model),
                Html.p("Response time counts from the moment at which a request was due by its plan: what a user "
                        + "waited. Service time counts from the moment at which it was sent: what the door took. Where "
                        + "the two part, requests stood in line. All percentiles are of response time unless they say "
                        + "otherwise; nothing was left out or corrected afterwards."));
    }

    private Html assertions() {
        if (result.assertions().isEmpty()) {
            return Html.NOTHING;
        }
        return Html.tag(
                "section",
                Html.tag("h2", Html.text("Conditions")),
                Html.table(
                        "lrl",
                        List.of("condition", "measured", "verdict"),
                        result.assertions().stream()
                                .map(outcome -> List.of(
                                        outcome.text(), outcome.actual(), outcome.holds() ? "holds" : "does not hold"))
                                .toList()));
    }

    private Html violations() {
        if (result.violations().isEmpty()) {
            return Html.NOTHING;
        }
        return Html.tag(
                "section",
                Html.tag("h2", Html.text("Broken promises")),
                Html.all(result.violations().stream().map(Top::violation).toList()));
    }

    private static Html violation(Violation violation) {
        List<String> proofs = violation.proofs();
        Html first = proofs(proofs.subList(0, Math.min(SHORT, proofs.size())));
        int more = proofs.size() - SHORT;
        return Html.tag(
                "div",
                Html.tag("h3", Html.text(violation.kind().told() + ", " + often(violation) + "; proofs:")),
                first,
                more <= 0 ? Html.NOTHING : Html.folded(more + " more", proofs(proofs.subList(SHORT, proofs.size()))));
    }

    private static String often(Violation violation) {
        return violation.count() == 1 ? "once" : Figures.count(violation.count()) + " times";
    }

    private static Html proofs(List<String> proofs) {
        return Html.styled(
                "ol",
                "proofs",
                Html.all(proofs.stream()
                        .map(proof -> Html.tag("li", Html.text(proof)))
                        .toList()));
    }

    private static Html box(String style, String title, Html... inside) {
        return Html.styled("section", "box " + style, Html.tag("h2", Html.text(title)), Html.all(List.of(inside)));
    }
}
