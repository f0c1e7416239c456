package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Caller;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the authenticator {@code apiKey}. What stands under its {@code keys} is shown nowhere. */
final class ApiKeysReader {

    static final int MOST = 10_000;

    private static final String EXPECTED = "an object with keys or file";
    private static final String EXPECTED_KEY = "an object with hash and subject";
    private static final String DEFAULT_HEADER = "X-API-Key";
    private static final String AUTHORIZATION = "authorization";

    static final Shape<ApiKeys> API_KEYS =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(ApiKeysReader::apiKeys));

    private static final Shape<String> NAME = HeaderReader.name(DEFAULT_HEADER);
    private static final Shape<String> HEADER = Shape.of(NAME.expected(), ApiKeysReader::header);
    private static final Shape<Path> FILE = FilePaths.readable("a file with API keys");
    private static final Shape<String> HASH = Scalars.text(
            "\"sha256:\" and 64 hexadecimal digits, which printf %s KEY | sha256sum makes of a key",
            Pattern.compile("sha256:[0-9A-Fa-f]{64}"));
    private static final Shape<ApiKey> KEY =
            Shape.of(EXPECTED_KEY, value -> value.section(EXPECTED_KEY).flatMap(ApiKeysReader::key));

    private ApiKeysReader() {}

    /** A list of keys, of which no two have the same hash. */
    static Shape<List<ApiKey>> keys() {
        return Lists.of("keys", KEY, 0, MOST, ApiKey::hash);
    }

    private static Optional<ApiKeys> apiKeys(Section section) {
        String header = section.find("header", HEADER).orElse(DEFAULT_HEADER);
        Optional<List<ApiKey>> keys = section.find("keys", keys());
        Optional<Path> file = section.find("file", FILE);
        boolean forward = section.find("forward", Scalars.BOOLEAN).orElse(false);
        section.end();
        Optional<Value> saidKeys = section.take("keys").filter(value -> !value.isEmptyList());
        Optional<Value> saidFile = section.take("file");
        if (saidKeys.isEmpty() && saidFile.isEmpty()) {
            section.refuse(EXPECTED + "; without a key nobody comes in");
            return Optional.empty();
        }
        List<ApiKey> own = keys.orElse(List.of());
        saidFile.ifPresent(value -> file.ifPresent(path -> refuseUnfit(value, path, own)));
        return Optional.of(new ApiKeys(header, own, file, forward));
    }

    private static Optional<String> header(Value value) {
        Optional<String> name = value.text(NAME.expected());
        boolean authorization = name.filter(
                        said -> said.toLowerCase(Locale.ROOT).equals(AUTHORIZATION))
                .isPresent();
        return name.isEmpty() || authorization ? name : NAME.read(value);
    }

    private static Optional<ApiKey> key(Section section) {
        Optional<String> hash = section.need("hash", HASH).map(said -> said.toLowerCase(Locale.ROOT));
        Optional<String> subject = section.need("subject", CallerShapes.SUBJECT);
        String tenant = section.find("tenant", CallerShapes.TENANT).orElse("");
        Set<String> scopes = section.find("scopes", CallerShapes.SCOPES).orElse(Set.of());
        String priority = section.find("class", CallerShapes.PRIORITY).orElse("");
        section.end();
        return hash.flatMap(
                known -> subject.map(owner -> new ApiKey(known, new Caller(owner, tenant, scopes, priority))));
    }

    /** Reads the file as it will be read again later, so that a node does not start with one that is broken. */
    private static void refuseUnfit(Value value, Path file, List<ApiKey> own) {
        Optional<String> text = Substitution.text(file, value::refuse);
        if (text.isEmpty()) {
            return;
        }
        try {
            Set<String> hashes = new HashSet<>();
            own.forEach(key -> hashes.add(key.hash()));
            if (ApiKeyFile.read(text.get()).stream().anyMatch(key -> hashes.contains(key.hash()))) {
                value.refuse("a file whose keys are others than those under keys");
            }
        } catch (IllegalArgumentException broken) {
            value.refuse("a file with API keys; in it: " + broken.getMessage());
        }
    }
}
