package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.result.Figures;
import dev.sandgate.bench.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Findings as a table in Markdown, with all that a reader must know of it below. */
final class MarkdownTable {

    private MarkdownTable() {}

    static String of(Findings findings) {
        List<String> lines = new ArrayList<>();
        List<Column> columns = findings.columns();
        List<String> heads = new ArrayList<>(List.of("door"));
        columns.forEach(column -> heads.add(column.title()));
        heads.addAll(List.of("failed", "broken promises"));
        lines.add(row(heads));
        lines.add("|---|" + "---:|".repeat(heads.size() - 1));
        for (Row row : findings.rows()) {
            List<String> cells = new ArrayList<>(List.of(plain(row.name())));
            columns.forEach(column -> cells.add(figure(row, column)));
            cells.add(Figures.count(row.failed()));
            cells.add(Figures.count(row.broken()));
            lines.add(row(cells));
        }
        lines.add("");
        lines.add(rounds(findings));
        lines.add("");
        columns.forEach(column -> lines.add("- " + column.title() + ": " + column.meaning()));
        findings.rows().stream()
                .filter(row -> !row.version().isEmpty())
                .forEach(row -> lines.add("- " + plain(row.name()) + ": " + plain(row.version())));
        findings.leftOut().forEach(line -> lines.add("- Left out: " + plain(line)));
        findings.notes().forEach(line -> lines.add("- " + plain(line)));
        findings.environment().ifPresent(where -> lines.add("- " + plain(told(where))));
        return String.join("\n", lines) + "\n";
    }

    /** What each figure is. */
    static String rounds(Findings findings) {
        return findings.rounds() == 1
                ? "One round."
                : "The median of " + findings.rounds() + " rounds, with the least and the most of them.";
    }

    /** {@code 12.3 (11.9 to 14)}; nothing where nothing was found. */
    static String figure(Row row, Column column) {
        return row.figure(column).map(MarkdownTable::told).orElse("");
    }

    private static String told(Spread spread) {
        String median = Figures.number(spread.median());
        return spread.each().size() == 1
                ? median
                : median + " (" + Figures.number(spread.least()) + " to " + Figures.number(spread.most()) + ")";
    }

    /** The machine, in a line. */
    static String told(Result.Environment where) {
        return where.processor() + ", " + where.cores() + " cores, " + where.system() + ", Java " + where.java()
                + "; load average before: " + Figures.number(where.loadBefore());
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    // what others say must not end a cell or a line
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ").strip().replace("|", "\\|");
    }
}
