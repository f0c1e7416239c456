package dev.sandgate.conf;

import java.util.List;
import java.util.Map;

/** A text of the config with blanks that are filled in later, once for each use: {@code ${port}} in a command. */
public record Template(List<Part> parts) {

    /** What it is put together from. */
    public sealed interface Part {}

    /** Stands as it is. */
    public record Text(String text) implements Part {}

    /** Stands for a value of this name. */
    public record Blank(String name) implements Part {}

    /** Characters beside the blanks. */
    int length() {
        return parts.stream()
                .mapToInt(part -> part instanceof Text text ? text.text().length() : 0)
                .sum();
    }

    /**
     * The text with every blank filled.
     *
     * @throws IllegalArgumentException where a blank has no value
     */
    public String fill(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Text text) {
                filled.append(text.text());
            } else if (part instanceof Blank blank) {
                String value = values.get(blank.name());
                if (value == null) {
                    throw new IllegalArgumentException(
                            "${" + blank.name() + "} (expected: one of " + values.keySet() + ")");
                }
                filled.append(value);
            }
        }
        return filled.toString();
    }
}
