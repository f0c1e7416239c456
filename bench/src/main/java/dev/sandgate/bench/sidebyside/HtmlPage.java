package dev.sandgate.bench.sidebyside;

final class HtmlPage {
    private HtmlPage() {}

    static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    static String of(Findings findings) {
        return text(MarkdownTable.of(findings));
    }
}
