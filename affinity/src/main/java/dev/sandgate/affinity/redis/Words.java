package dev.sandgate.affinity.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Report;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** How instances and reports on them are written into records, whose fields a bar parts: no name can break out of its field. */
final class Words {

    private Words() {}

    static String of(String name) {
        return URLEncoder.encode(name, UTF_8);
    }

    /** Incarnation and address: what tells two lives of one id apart. */
    static String identity(Instance instance) {
        return of(instance.incarnation()) + "@" + of(instance.host()) + "@" + instance.port();
    }

    static Instance instance(String pool, String id, String identity) {
        String[] parts = identity.split("@", 3);
        return new Instance(pool, name(id), name(parts[0]), name(parts[1]), Integer.parseInt(parts[2]));
    }

    static String list(Collection<String> names) {
        return names.stream().map(Words::of).collect(Collectors.joining("|"));
    }

    /** Kind, instance, identity; of a ready one cap and whether its slots are given once. */
    static List<String> report(Report report) {
        List<String> words =
                new ArrayList<>(List.of(kind(report), of(report.instance().id()), identity(report.instance())));
        if (report instanceof Report.Ready ready) {
            words.add("" + ready.cap());
            words.add(ready.singleUse() ? "1" : "0");
        } else if (report instanceof Report.Found found) {
            words.add("" + found.cap());
            words.add(found.singleUse() ? "1" : "0");
        }
        return words;
    }

    private static String kind(Report report) {
        if (report instanceof Report.Ready) {
            return "ready";
        } else if (report instanceof Report.Found) {
            return "found";
        } else if (report instanceof Report.Gone) {
            return "gone";
        } else if (report instanceof Report.Draining) {
            return "draining";
        }
        return report instanceof Report.Unreachable ? "unreachable" : "reachable";
    }

    static String name(String word) {
        return URLDecoder.decode(word, UTF_8);
    }
}
