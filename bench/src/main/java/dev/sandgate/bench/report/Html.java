package dev.sandgate.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of a page. Text of others gets in only through {@link #text}, which escapes it.
 *
 * @param markup as it stands in the file
 */
public record Html(String markup) {

    /** An empty piece. */
    public static final Html NOTHING = new Html("");

    /** What a browser shows as these very characters. */
    public static Html text(String raw) {
        StringBuilder escaped = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return new Html(escaped.toString());
    }

    /** An element; its name is ours. */
    public static Html tag(String name, Html... inside) {
        return new Html("<" + name + ">" + all(Arrays.asList(inside)).markup + "</" + name + ">\n");
    }

    /** An element that the style sheet knows by a class. */
    public static Html styled(String name, String style, Html... inside) {
        return new Html(
                "<" + name + " class=\"" + style + "\">" + all(Arrays.asList(inside)).markup + "</" + name + ">\n");
    }

    /** A paragraph of text. */
    public static Html p(String raw) {
        return tag("p", text(raw));
    }

    /** What is folded until it is asked for. */
    public static Html folded(String summary, Html... inside) {
        return tag("details", tag("summary", text(summary)), all(Arrays.asList(inside)));
    }

    /** One after the other. */
    public static Html all(List<Html> pieces) {
        return new Html(pieces.stream().map(Html::markup).collect(Collectors.joining()));
    }

    /**
     * A table that scrolls where it is too wide.
     *
     * @param sides for each column {@code l}, or {@code r} for numbers
     * @param head empty: none
     */
    public static Html table(String sides, List<String> head, List<List<String>> rows) {
        Html top = head.isEmpty() ? NOTHING : tag("thead", tag("tr", cells("th", sides, head)));
        Html body = tag(
                "tbody",
                all(rows.stream().map(row -> tag("tr", cells("td", sides, row))).toList()));
        return styled("div", "wide", tag("table", top, body));
    }

    private static Html cells(String name, String sides, List<String> texts) {
        StringBuilder cells = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            cells.append(styled(name, String.valueOf(sides.charAt(i)), text(texts.get(i))).markup);
        }
        return new Html(cells.toString());
    }
}
