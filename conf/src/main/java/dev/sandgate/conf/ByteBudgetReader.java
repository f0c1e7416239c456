package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Part;
import java.util.Optional;

/** Reads the policy of how many bytes a session may move. */
final class ByteBudgetReader {

    static final String EXPECTED = "an object with key, and upload or download";

    private static final Shape<Long> BYTES = Sizes.between("1B", "1048576GiB");

    private ByteBudgetReader() {}

    static Optional<PolicyConfig> byteBudget(String name, Section section) {
        Optional<PolicyConfig.Key> key = PolicyKeys.need(section);
        Optional<Long> upload = section.find("upload", BYTES);
        Optional<Long> download = section.find("download", BYTES);
        section.end();
        if (section.take("upload").isEmpty() && section.take("download").isEmpty()) {
            section.refuse(EXPECTED);
        }
        if (key.filter(counted -> !counted.parts().contains(Part.SESSION)).isPresent()) {
            section.take("key")
                    .ifPresent(value -> value.refuse("a key with \"session\"; bytes are forgotten when it is over"));
        }
        return key.map(counted -> new ByteBudget(
                name, counted, RouteLimitsReader.optional(upload), RouteLimitsReader.optional(download)));
    }
}
