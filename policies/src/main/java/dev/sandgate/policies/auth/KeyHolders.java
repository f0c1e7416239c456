package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Knows callers by API keys, of the config and of a file. In {@code Authorization} beside an authenticator of tokens, what
 * looks like a token is left to that one; beside one that asks, all that is no known key.
 */
final class KeyHolders implements Authenticator {

    private final ApiKeys config;
    private final String field;
    private final boolean inAuthorization;
    private final Withheld withheld;
    private final Neighbours neighbours;
    private final Optional<KeyFile> file;
    private volatile KeyRing ring;

    private KeyHolders(ApiKeys config, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        this.config = config;
        this.field = config.header().toLowerCase(Locale.ROOT);
        this.inAuthorization = field.equals(Scheme.FIELD);
        this.withheld = withheld;
        this.neighbours = neighbours;
        this.ring = KeyRing.of(config.keys(), withheld);
        this.file = config.file().map(path -> new KeyFile(path, surroundings, this::add));
    }

    /** Begins to read the file. */
    static KeyHolders open(ApiKeys config, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        KeyHolders holders = new KeyHolders(config, withheld, surroundings, neighbours);
        holders.file.ifPresent(KeyFile::read);
        return holders;
    }

    private void add(List<ApiKey> ofFile) {
        List<ApiKey> all = new ArrayList<>(config.keys());
        all.addAll(ofFile);
        ring = KeyRing.of(all, withheld);
    }

    @Override
    public Finding find(Seen seen) {
        List<String> values = seen.fields(field);
        if (values.isEmpty()) {
            return Finding.ABSENT;
        }
        if (values.size() > 1) {
            return new Finding.Flawed(Flaw.TWICE);
        }
        Optional<String> key = inAuthorization ? behindScheme(values.get(0)) : Optional.of(values.get(0));
        if (key.isEmpty()) {
            return Finding.ABSENT;
        }
        boolean perhapsToken = neighbours.asked()
                && inAuthorization
                && Scheme.API_KEY.credential(values.get(0)).isEmpty();
        Finding finding = find(KeyRing.digest(key.get()));
        return perhapsToken && finding == KeyRing.UNKNOWN ? Finding.ABSENT : finding;
    }

    private Optional<String> behindScheme(String value) {
        Optional<String> key = Scheme.API_KEY.credential(value);
        return key.isPresent()
                ? key
                : Scheme.BEARER.credential(value).filter(it -> !(neighbours.tokens() && Scheme.looksLikeToken(it)));
    }

    private Finding find(byte[] digest) {
        Finding finding = ring.find(digest);
        if (finding != KeyRing.UNKNOWN || file.isEmpty() || file.get().wasRead()) {
            return finding;
        }
        return file.get().first().isComplete()
                ? Finding.AWAY
                : new Finding.Asked(file.get().first().map(read -> find(digest)));
    }

    @Override
    public void close() {
        file.ifPresent(KeyFile::close);
    }
}
