package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A file of API keys: a JSON list of objects as they stand under {@code keys} of {@code apiKey}. Any thread. */
public final class ApiKeyFile {

    private static final String EXPECTED =
            "a JSON list of keys: [{ \"hash\": \"sha256:...\", \"subject\": \"alice\" }]";
    private static final int MOST_TOLD = 5;

    private ApiKeyFile() {}

    /**
     * Its keys; none is allowed, and shuts everybody out. References such as {@code ${env:NAME}} are not replaced here
     * but refused.
     *
     * @param text the whole file
     * @throws IllegalArgumentException with what is wrong, where, and what was expected; it shows nothing of a key
     */
    public static List<ApiKey> read(String text) {
        String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // Of a file that holds something else nothing is shown: it may be a key itself.
        if (!json.stripLeading().startsWith("[")) {
            throw new IllegalArgumentException("no list of keys (expected: " + EXPECTED + ")");
        }
        Problems problems = new Problems();
        Context context = new Context(problems, Substitution.NONE);
        Optional<List<ApiKey>> keys = TreeReader.readKeys(json, problems)
                .flatMap(top -> ApiKeysReader.keys().read(new Value(top, context)));
        if (keys.isEmpty() || !problems.none()) {
            throw new IllegalArgumentException(told(problems.inFileOrder()));
        }
        return keys.get();
    }

    private static String told(List<Problem> problems) {
        String first = problems.stream().limit(MOST_TOLD).map(ApiKeyFile::told).collect(Collectors.joining("; "));
        int more = problems.size() - MOST_TOLD;
        return more > 0 ? first + "; and " + more + " more" : first;
    }

    /** What stands outside of the list may be a key too. */
    private static String told(Problem problem) {
        return problem.path().isEmpty()
                ? problem.line() + ":" + problem.column() + ": (expected: " + problem.expected() + ")"
                : problem.toString();
    }
}
