package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Concurrency;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.SessionQuota;
import java.util.Optional;

/** Reads the policies of what there is at the same time: {@code concurrency} and {@code sessionQuota}. */
final class ConcurrencyReader {

    static final String EXPECTED = "an object with key, and requests or streams";
    static final String EXPECTED_QUOTA = "an object with key and max";

    private static final Shape<Integer> MANY = Scalars.whole(0, 1_000_000);
    private static final Shape<Integer> SESSIONS = Scalars.whole(1, 1_000_000);

    private ConcurrencyReader() {}

    static Optional<PolicyConfig> concurrency(String name, Section section) {
        Optional<PolicyConfig.Key> key = PolicyKeys.need(section);
        int requests = section.find("requests", MANY).orElse(0);
        int streams = section.find("streams", MANY).orElse(0);
        section.end();
        if (section.take("requests").isEmpty() && section.take("streams").isEmpty()) {
            section.refuse(EXPECTED);
        }
        return key.map(counted -> new Concurrency(name, counted, requests, streams));
    }

    static Optional<PolicyConfig> sessionQuota(String name, Section section) {
        Optional<PolicyConfig.Key> key = PolicyKeys.need(section);
        Optional<Integer> max = section.need("max", SESSIONS);
        section.end();
        if (key.filter(counted -> counted.parts().contains(Part.SESSION)).isPresent()) {
            section.take("key")
                    .ifPresent(value -> value.refuse("a key without \"session\"; sessions are what it counts"));
        }
        return key.flatMap(counted -> max.map(number -> new SessionQuota(name, counted, number)));
    }
}
