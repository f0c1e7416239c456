package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Shed;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the policy {@code shed}. */
final class ShedReader {

    static final String EXPECTED = "an object with otherwise, and classes";

    private static final String EXPECTED_CLASSES = "an object of classes, such as { \"gold\": 100, \"free\": 50 }";
    private static final Shape<Integer> PERCENT = Scalars.whole(0, 100);
    private static final Shape<Map<String, Integer>> CLASSES =
            Shape.of(EXPECTED_CLASSES, value -> value.section(EXPECTED_CLASSES).map(ShedReader::classes));

    private ShedReader() {}

    static Optional<PolicyConfig> shed(String name, Section section) {
        Map<String, Integer> classes = section.find("classes", CLASSES).orElse(Map.of());
        Optional<Integer> otherwise = section.need("otherwise", PERCENT);
        section.end();
        return otherwise.map(percent -> new Shed(name, classes, percent));
    }

    private static Map<String, Integer> classes(Section section) {
        Map<String, Integer> classes = new LinkedHashMap<>();
        section.members().forEach((name, member) -> {
            if (!NamedSections.NAME.matcher(name).matches()) {
                section.context().problems().add(member.key(), "\"" + Shown.text(name) + "\"", NamedSections.NAME_RULE);
            }
            PERCENT.read(new Value(member.value(), section.context())).ifPresent(percent -> classes.put(name, percent));
        });
        return Collections.unmodifiableMap(classes);
    }
}
