package dev.sandgate.bench.report;

import dev.sandgate.bench.report.Comparison.Row;
import dev.sandgate.bench.result.Result;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A comparison in lines, for a terminal or as Markdown. */
public final class ComparisonText {

    private static final List<String> HEAD = List.of("", "A", "B", "B / A", "95 % interval", "verdict on B");
    private static final List<String> HEAD_OF_TOLD = List.of("of the whole run", "A", "B", "B / A");
    private static final String MARKDOWN_SYMBOLS = "([\\\\`*_<>|\\[\\]])";

    private final Comparison comparison;
    private final boolean markdown;

    /** Of a comparison, with columns of spaces unless Markdown is asked for. */
    public ComparisonText(Comparison comparison, boolean markdown) {
        this.comparison = comparison;
        this.markdown = markdown;
    }

    /** All of it, without line ends. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(paragraph("A: " + run(comparison.a())));
        lines.add(paragraph("B: " + run(comparison.b())));
        lines.add("");
        lines.addAll(table(
                HEAD,
                comparison.judged().stream()
                        .map(row -> List.of(
                                row.name(),
                                row.a(),
                                row.b(),
                                row.ratio(),
                                row.interval(),
                                row.verdict().toString()))
                        .toList()));
        lines.add("");
        lines.addAll(table(
                HEAD_OF_TOLD,
                comparison.told().stream().map(ComparisonText::told).toList()));
        lines.add("");
        if (comparison.obstacles().isEmpty()) {
            lines.add("The interval (bootstrap over the seconds in blocks, " + Bootstrap.DRAWS + " draws, seed "
                    + Bootstrap.SEED + ") is of B / A, with a sign of B - A.");
            lines.add("It covers the scatter within these two runs, not from run to run: repeat both in turn before "
                    + "you trust a small difference.");
        } else {
            lines.add("NOT COMPARABLE, so no verdict:");
            comparison.obstacles().forEach(obstacle -> lines.add(escaped("- " + clean(obstacle))));
        }
        return lines;
    }

    private static String run(Result run) {
        return clean(run.name()) + ", " + run.started().truncatedTo(ChronoUnit.SECONDS) + ", Sandgate "
                + clean(run.environment().sandgate());
    }

    private static List<String> told(Row row) {
        return List.of(row.name(), row.a(), row.b(), row.ratio());
    }

    private List<String> table(List<String> head, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        if (markdown) {
            all.add(head.stream()
                    .map(cell -> cell.equals(head.get(0)) ? "---" : "---:")
                    .toList());
        }
        all.addAll(rows);
        return markdown
                ? all.stream().map(row -> "| " + String.join(" | ", row) + " |").toList()
                : all.stream().map(row -> aligned(row, all)).toList();
    }

    private static String aligned(List<String> row, List<List<String>> all) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            int column = i;
            int width =
                    all.stream().mapToInt(one -> one.get(column).length()).max().orElse(0);
            String gap = " ".repeat(width - row.get(i).length());
            boolean words = i == 0 || i == 5;
            line.append(words ? row.get(i) + gap : gap + row.get(i)).append("   ");
        }
        return line.toString().stripTrailing();
    }

    private String paragraph(String text) {
        return escaped(text) + (markdown ? "  " : "");
    }

    private String escaped(String text) {
        return markdown ? text.replaceAll(MARKDOWN_SYMBOLS, "\\\\$1") : text;
    }

    /** Text of others, without what would steer a terminal. */
    private static String clean(String text) {
        return text.codePoints()
                .map(point -> Character.isISOControl(point) ? '?' : point)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
