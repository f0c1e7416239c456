package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.report.Html;
import dev.sandgate.bench.result.Figures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One column as a picture: a strip for each door, a dot for each round, a bar at the median. The axis begins at 0. */
final class StripPlot {

    private static final int WIDTH = 580;
    private static final int LEFT = 196;
    private static final int RIGHT = 32;
    private static final int STRIP = 26;
    private static final int AXIS = 28;
    private static final int MOST_STEPS = 6;

    private final int height;
    private final double step;
    private final double end;
    private final StringBuilder svg = new StringBuilder();

    private StripPlot(Map<String, Spread> strips) {
        double most = strips.values().stream().mapToDouble(Spread::most).max().orElse(0);
        this.height = strips.size() * STRIP;
        this.step = step(most);
        this.end = Math.max(1, Math.ceil(most / step)) * step;
    }

    /** Of those doors that have a figure in this column. */
    static Html of(List<Row> rows, Column column) {
        Map<String, Spread> strips = new LinkedHashMap<>();
        rows.forEach(row -> row.figure(column).ifPresent(figure -> strips.put(row.name(), figure)));
        StripPlot plot = new StripPlot(strips);
        plot.draw(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, plot.height + AXIS, column.title());
        plot.axis();
        int y = STRIP / 2;
        for (Map.Entry<String, Spread> strip : strips.entrySet()) {
            plot.strip(strip.getKey(), strip.getValue(), y);
            y += STRIP;
        }
        plot.draw("</svg>");
        return new Html(plot.svg.toString());
    }

    // 1, 2 or 5 times a power of ten, so that the axis has a few round numbers
    private static double step(double most) {
        double rough = Math.max(most, 1e-9) / MOST_STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        return power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    }

    private void axis() {
        for (double at = 0; at <= end + step / 2; at += step) {
            draw("<line class=\"grid\" x1=\"%.1f\" y1=\"0\" x2=\"%1$.1f\" y2=\"%d\"/>", x(at), height);
            draw("<text class=\"tick\" x=\"%.1f\" y=\"%d\">%s</text>", x(at), height + 18, Figures.number(at));
        }
    }

    private void strip(String door, Spread spread, int y) {
        draw(
                "<text class=\"door\" x=\"%d\" y=\"%d\">%s</text>",
                LEFT - 12, y + 4, Html.text(door).markup());
        draw(
                "<line class=\"spread\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%2$d\"/>",
                x(spread.least()), y, x(spread.most()));
        for (double round : spread.each()) {
            draw("<circle cx=\"%.1f\" cy=\"%d\" r=\"3.5\"/>", x(round), y);
        }
        draw(
                "<line class=\"median\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>",
                x(spread.median()), y - 8, y + 8);
    }

    private double x(double value) {
        return LEFT + value / end * (WIDTH - LEFT - RIGHT);
    }

    private void draw(String shape, Object... places) {
        svg.append(String.format(Locale.ROOT, shape, places)).append('\n');
    }
}
