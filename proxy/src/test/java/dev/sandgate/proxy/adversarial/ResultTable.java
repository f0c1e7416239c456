package dev.sandgate.proxy.adversarial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What came of each case, as a page for the docs: {@code target/adversarial.md}, one part a corpus. */
final class ResultTable {

    private static final Path PARTS = Path.of("target", "adversarial");

    private final String title;
    private final List<String> rows = new CopyOnWriteArrayList<>();

    ResultTable(String title) {
        this.title = title;
    }

    void add(String name, String expected, String client, String instance) {
        rows.add("| " + String.join(" | ", List.of(name, expected, cell(client), cell(instance))) + " |");
    }

    private static String cell(String text) {
        return text.replaceAll("[^ -~]", "?").replace("|", "\\|");
    }

    /** Writes this part, and the page anew from all the parts that there are. */
    void write() throws IOException {
        Files.createDirectories(PARTS);
        String head =
                "## " + title + "\n\n| case | expected | the client saw | the instance saw |\n|---|---|---|---|\n";
        Files.writeString(PARTS.resolve(title + ".md"), head + String.join("\n", rows) + "\n");
        StringBuilder page = new StringBuilder("# Hostile messages, and what became of them\n");
        try (var parts = Files.list(PARTS)) {
            for (Path part : parts.sorted().toList()) {
                page.append('\n').append(Files.readString(part));
            }
        }
        Files.writeString(Path.of("target", "adversarial.md"), page);
    }
}
