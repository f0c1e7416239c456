package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.result.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Findings as one page that needs nothing else: no network, no other file, no script. */
final class HtmlPage {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private HtmlPage() {}

    static String of(Findings findings) {
        Map<String, String> pieces = Map.of(
                "where", text(findings.environment().map(MarkdownTable::told).orElse("")),
                "warnings", warnings(findings),
                "table", table(findings),
                "rounds", text(MarkdownTable.rounds(findings)),
                "plots", plots(findings),
                "details", details(findings));
        return PLACE.matcher(template())
                .replaceAll(place -> Matcher.quoteReplacement(Objects.requireNonNull(pieces.get(place.group(1)))));
    }

    /** What a browser shows as these very characters. */
    static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String warnings(Findings findings) {
        List<String> lines = new ArrayList<>();
        findings.leftOut().forEach(line -> lines.add("Left out: " + line));
        lines.addAll(findings.notes());
        return lines.stream()
                .map(line -> "<p class=\"box\">" + text(line) + "</p>")
                .collect(Collectors.joining("\n"));
    }

    private static String table(Findings findings) {
        List<String> heads = new ArrayList<>(List.of("door"));
        findings.columns().forEach(column -> heads.add(column.title()));
        heads.addAll(List.of("failed", "broken promises"));
        StringBuilder table = new StringBuilder("<table>\n<thead><tr>");
        heads.forEach(head -> table.append("<th>").append(text(head)).append("</th>"));
        table.append("</tr></thead>\n<tbody>\n");
        for (Row row : findings.rows()) {
            List<String> cells = new ArrayList<>(List.of(text(row.name()) + small(text(row.version()))));
            findings.columns()
                    .forEach(column ->
                            cells.add(row.figure(column).map(HtmlPage::cell).orElse("")));
            cells.add(Figures.count(row.failed()));
            cells.add(Figures.count(row.broken()));
            table.append(cells.stream().collect(Collectors.joining("</td><td>", "<tr><td>", "</td></tr>\n")));
        }
        return table.append("</tbody>\n</table>").toString();
    }

    private static String cell(Spread spread) {
        String median = Figures.number(spread.median());
        return spread.each().size() == 1
                ? median
                : median + small(Figures.number(spread.least()) + " to " + Figures.number(spread.most()));
    }

    private static String small(String inside) {
        return inside.isEmpty() ? "" : "<small>" + inside + "</small>";
    }

    private static String plots(Findings findings) {
        return findings.columns().stream()
                .map(column -> "<figure>\n<figcaption><b>" + text(column.title()) + "</b> <span class=\"quiet\">"
                        + text(column.meaning()) + "</span></figcaption>\n" + StripPlot.svg(findings.rows(), column)
                        + "</figure>")
                .collect(Collectors.joining("\n"));
    }

    private static String details(Findings findings) {
        Plan plan = findings.plan();
        StringBuilder details = new StringBuilder();
        plan.measures()
                .forEach((measure, scenario) -> details.append(folded(measure.told(), scenario.toPrettyString())));
        for (Contender contender : plan.contenders()) {
            String programs = contender.programs().toPrettyString();
            String files = contender.files().entrySet().stream()
                    .map(file ->
                            "\n\n" + file.getKey() + ":\n\n" + file.getValue().strip())
                    .collect(Collectors.joining());
            details.append(folded(contender.name(), programs + files));
        }
        return details.toString();
    }

    private static String folded(String summary, String inside) {
        return "<details><summary>" + text(summary) + "</summary><pre>" + text(inside) + "</pre></details>\n";
    }

    private static String template() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("page.html")) {
            return new String(Objects.requireNonNull(in, "page.html").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException brokenJar) {
            throw new UncheckedIOException(brokenJar);
        }
    }
}
