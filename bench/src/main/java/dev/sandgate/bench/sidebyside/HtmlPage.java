package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.report.Html;
import dev.sandgate.bench.report.Page;
import dev.sandgate.bench.result.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Findings as one page that needs nothing else: no network, no other file, no script. */
final class HtmlPage {

    private HtmlPage() {}

    static String of(Findings findings) {
        String where = findings.environment().map(MarkdownTable::told).orElse("");
        return Page.filled(
                Page.resource(HtmlPage.class, "page.html"),
                Map.of(
                        "style", Page.style(),
                        "where", Html.text(where).markup(),
                        "warnings", warnings(findings).markup(),
                        "table", table(findings).markup(),
                        "rounds", Html.text(MarkdownTable.rounds(findings)).markup(),
                        "plots", plots(findings).markup(),
                        "details", details(findings).markup()));
    }

    private static Html warnings(Findings findings) {
        List<Html> boxes = new ArrayList<>();
        findings.leftOut().forEach(line -> boxes.add(warning("Left out: " + line)));
        findings.notes().forEach(line -> boxes.add(warning(line)));
        return Html.all(boxes);
    }

    private static Html warning(String line) {
        return Html.styled("div", "box warning", Html.p(line));
    }

    private static Html table(Findings findings) {
        List<Html> heads = new ArrayList<>(List.of(Html.styled("th", "l", Html.text("door"))));
        findings.columns().forEach(column -> heads.add(Html.styled("th", "r", Html.text(column.title()))));
        heads.add(Html.styled("th", "r", Html.text("failed")));
        heads.add(Html.styled("th", "r", Html.text("broken promises")));
        List<Html> rows = findings.rows().stream()
                .map(row -> row(row, findings.columns()))
                .toList();
        return Html.styled(
                "div",
                "wide",
                Html.tag(
                        "table",
                        Html.tag("thead", Html.tag("tr", Html.all(heads))),
                        Html.tag("tbody", Html.all(rows))));
    }

    private static Html row(Row row, List<Column> columns) {
        List<Html> cells =
                new ArrayList<>(List.of(Html.styled("td", "l", Html.text(row.name()), below(row.version()))));
        for (Column column : columns) {
            cells.add(Html.styled(
                    "td", "r", row.figure(column).map(HtmlPage::figure).orElse(Html.NOTHING)));
        }
        cells.add(Html.styled("td", "r", Html.text(Figures.count(row.failed()))));
        cells.add(Html.styled("td", "r", Html.text(Figures.count(row.broken()))));
        return Html.tag("tr", Html.all(cells));
    }

    private static Html figure(Spread spread) {
        Html median = Html.text(Figures.number(spread.median()));
        String bounds = Figures.number(spread.least()) + " to " + Figures.number(spread.most());
        return spread.each().size() == 1 ? median : Html.all(List.of(median, below(bounds)));
    }

    private static Html below(String line) {
        return line.isEmpty() ? Html.NOTHING : Html.styled("span", "bounds", Html.text(line));
    }

    private static Html plots(Findings findings) {
        return Html.all(findings.columns().stream()
                .map(column -> Html.tag(
                        "figure",
                        Html.tag(
                                "figcaption",
                                Html.tag("b", Html.text(column.title())),
                                Html.styled("span", "quiet", Html.text(column.meaning()))),
                        StripPlot.of(findings.rows(), column)))
                .toList());
    }

    private static Html details(Findings findings) {
        Plan plan = findings.plan();
        List<Html> details = new ArrayList<>();
        plan.measures().forEach((measure, scenario) -> details.add(folded(measure.told(), scenario.toPrettyString())));
        for (Contender contender : plan.contenders()) {
            String files = contender.files().entrySet().stream()
                    .map(file ->
                            "\n\n" + file.getKey() + ":\n\n" + file.getValue().strip())
                    .collect(Collectors.joining());
            details.add(folded(contender.name(), contender.programs().toPrettyString() + files));
        }
        return Html.all(details);
    }

    private static Html folded(String summary, String inside) {
        return Html.folded(summary, Html.tag("pre", Html.text(inside)));
    }
}
