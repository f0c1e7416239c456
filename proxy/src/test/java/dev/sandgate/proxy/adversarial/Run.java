package dev.sandgate.proxy.adversarial;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenHead;
import dev.sandgate.proxy.kit.SeenRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What came of one case: what the client saw, and what each pool's instance saw, the client's closing probe left out.
 *
 * @param answers to the case's own bytes
 * @param hungUp whether the door ended the connection instead of answering the probe
 * @param seen by the instance of each pool
 */
record Run(List<Answer> answers, boolean hungUp, Map<String, Seen> seen, List<String> accessLog) {

    static final String PROBE = "/probe-after-the-case";

    /** What one instance saw. */
    record Seen(List<SeenHead> heads, List<SeenRequest> requests, List<String> malformed) {

        static Seen of(RecordingInstance instance) {
            return new Seen(
                    instance.heads().stream()
                            .filter(head -> !head.target().equals(PROBE))
                            .toList(),
                    instance.requests().stream()
                            .filter(request -> !request.target().equals(PROBE))
                            .toList(),
                    instance.malformed());
        }
    }

    List<SeenHead> heads() {
        return seen.values().stream().flatMap(each -> each.heads().stream()).toList();
    }

    List<SeenRequest> requests() {
        return seen.values().stream().flatMap(each -> each.requests().stream()).toList();
    }

    List<String> malformed() {
        return seen.values().stream().flatMap(each -> each.malformed().stream()).toList();
    }

    /** Every value that a field of this name had at an instance. */
    List<String> upstream(String field) {
        return heads().stream()
                .flatMap(head -> head.fields().all(field).stream())
                .toList();
    }

    String clientSaw() {
        Stream<String> end = hungUp ? Stream.of("hang-up") : Stream.empty();
        return String.join(
                ", ", Stream.concat(answers.stream().map(Answer::toString), end).toList());
    }

    String instanceSaw() {
        if (!malformed().isEmpty()) {
            return "malformed: " + malformed();
        }
        if (heads().isEmpty()) {
            return "nothing";
        }
        int cut = heads().size() - requests().size();
        Stream<String> whole = requests().stream().map(Run::shortened);
        return String.join(
                ", ",
                Stream.concat(whole, cut > 0 ? Stream.of(cut + " cut") : Stream.empty())
                        .toList());
    }

    private static String shortened(SeenRequest request) {
        String text = request.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
