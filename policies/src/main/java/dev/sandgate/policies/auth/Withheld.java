package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticator;
import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fields that the instance does not get: credentials of every authenticator of a policy, whichever of them told who calls,
 * and what others than trusted proxies say of the caller. A field that the one which told forwards stays. Any thread.
 *
 * @param trusted of requests from proxies that are believed
 * @param other of all others
 */
record Withheld(List<String> trusted, List<String> other) {

    /** Where none of them told who calls. */
    static Withheld byAll(List<Authenticator> all) {
        return of(all, Set.of());
    }

    /** Where this one of them did. */
    static Withheld by(Authenticator teller, List<Authenticator> all) {
        return of(all, forwards(teller) ? Set.copyOf(fields(teller)) : Set.of());
    }

    private static Withheld of(List<Authenticator> all, Set<String> kept) {
        Set<String> credentials = new LinkedHashSet<>();
        Set<String> hearsay = new LinkedHashSet<>();
        for (Authenticator each : all) {
            if (each instanceof TrustedHeader) {
                hearsay.addAll(fields(each));
            } else if (!forwards(each)) {
                credentials.addAll(fields(each));
            }
        }
        credentials.removeAll(kept);
        hearsay.addAll(credentials);
        return new Withheld(List.copyOf(credentials), List.copyOf(hearsay));
    }

    private static boolean forwards(Authenticator authenticator) {
        return (authenticator instanceof ApiKeys keys && keys.forward())
                || (authenticator instanceof Jwt jwt && jwt.forward())
                || (authenticator instanceof Introspection asked && asked.forward());
    }

    private static Collection<String> fields(Authenticator authenticator) {
        if (authenticator instanceof ApiKeys keys) {
            return List.of(lower(keys.header()));
        }
        if (authenticator instanceof TrustedHeader said) {
            return Stream.of(said.header(), said.tenant(), said.scopes(), said.priority())
                    .filter(name -> !name.isEmpty())
                    .map(Withheld::lower)
                    .toList();
        }
        return authenticator instanceof ClientCertificate ? List.of() : List.of(Scheme.FIELD);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The finding for whoever calls by this name. */
    Finding.Known known(Principal principal) {
        return new Finding.Known(new Verdict.Change(principal, trusted), new Verdict.Change(principal, other));
    }

    List<String> from(Seen seen) {
        return seen.trusted() ? trusted : other;
    }
}
