package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Believes what a trusted proxy says of the caller. From anybody else it is as if nothing were said. */
final class Hearsay implements Authenticator {

    private final TrustedHeader config;
    private final Withheld withheld;
    private final String subject;
    private final String tenant;
    private final String scopes;
    private final String priority;

    Hearsay(TrustedHeader config, Withheld withheld) {
        this.config = config;
        this.withheld = withheld;
        this.subject = config.header().toLowerCase(Locale.ROOT);
        this.tenant = config.tenant().toLowerCase(Locale.ROOT);
        this.scopes = config.scopes().toLowerCase(Locale.ROOT);
        this.priority = config.priority().toLowerCase(Locale.ROOT);
    }

    @Override
    public Finding find(Seen seen) {
        if (!seen.trusted()) {
            return Finding.ABSENT;
        }
        Optional<String> who = single(seen, subject);
        if (who.isPresent() && who.get().isEmpty()) {
            return Finding.ABSENT;
        }
        Optional<String> whose = single(seen, tenant);
        Optional<String> may = single(seen, scopes);
        Optional<String> kind = single(seen, priority);
        if (who.isEmpty() || whose.isEmpty() || may.isEmpty() || kind.isEmpty()) {
            return new Finding.Flawed(Flaw.TWICE);
        }
        if (!Subject.isFit(who.get())) {
            return new Finding.Flawed(Flaw.SUBJECT);
        }
        Caller caller = new Caller(who.get(), whose.get(), Words.of(may.get()), kind.get());
        return withheld.known(Principal.of(config.kind(), "", caller));
    }

    /** The field's one value, empty where it is not there; nothing: it is there twice. */
    private static Optional<String> single(Seen seen, String field) {
        List<String> values = field.isEmpty() ? List.of() : seen.fields(field);
        if (values.isEmpty()) {
            return Optional.of("");
        }
        return values.size() == 1 ? Optional.of(values.get(0).strip()) : Optional.empty();
    }

    @Override
    public void close() {}
}
