package dev.sandgate.policies.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.NamedBy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Knows callers by the certificate of their TLS connection, which its listener has checked. That was at its handshake: only
 * whether it has expired since is looked at here. Any thread.
 */
final class CertificateHolders implements Authenticator {

    private static final int REMEMBERED = 10_000;
    private static final Finding UNFIT = new Finding.Flawed(Flaw.CERTIFICATE);
    private static final Finding EXPIRED = new Finding.Flawed(Flaw.CERTIFICATE_EXPIRED);

    private final ClientCertificate config;
    private final Withheld withheld;
    private final InstantSource clock;
    // by the very object, of which each TLS session has its own
    private final Cache<X509Certificate, Finding> known = Caffeine.newBuilder()
            .weakKeys()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    CertificateHolders(ClientCertificate config, Withheld withheld, InstantSource clock) {
        this.config = config;
        this.withheld = withheld;
        this.clock = clock;
    }

    @Override
    public Finding find(Seen seen) {
        List<X509Certificate> shown = seen.certificates();
        if (shown.isEmpty()) {
            return Finding.ABSENT;
        }
        X509Certificate leaf = shown.get(0);
        return leaf.getNotAfter().toInstant().isBefore(clock.instant()) ? EXPIRED : known.get(leaf, this::finding);
    }

    private Finding finding(X509Certificate leaf) {
        // a principal's name has a bar behind its issuer
        String issuer = leaf.getIssuerX500Principal().getName(X500Principal.RFC2253);
        Optional<String> subject = subject(leaf).filter(Subject::isFit);
        if (subject.isEmpty() || issuer.indexOf('|') >= 0) {
            return UNFIT;
        }
        Caller caller = new Caller(subject.get(), "", Set.of(), "");
        return withheld.known(Principal.of(config.kind(), issuer, caller));
    }

    private Optional<String> subject(X509Certificate leaf) {
        try {
            return switch (config.subject()) {
                case COMMON_NAME -> commonName(leaf);
                case DNS_NAME, URI, EMAIL -> alternative(leaf, config.subject());
            };
        } catch (CertificateParsingException | NamingException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate leaf) throws NamingException {
        LdapName name = name(leaf);
        // the last one of the certificate is the first as RFC 2253 writes it
        for (int at = name.size() - 1; at >= 0; at--) {
            Rdn rdn = name.getRdn(at);
            Attribute common = rdn.toAttributes().get("CN");
            if (common != null && common.get() instanceof String text) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static LdapName name(X509Certificate leaf) throws InvalidNameException {
        return new LdapName(leaf.getSubjectX500Principal().getName(X500Principal.RFC2253));
    }

    /** The first of its kind (RFC 5280 section 4.2.1.6). */
    private static Optional<String> alternative(X509Certificate leaf, NamedBy by) throws CertificateParsingException {
        Integer kind = by == NamedBy.EMAIL ? 1 : by == NamedBy.DNS_NAME ? 2 : 6;
        Collection<List<?>> all = leaf.getSubjectAlternativeNames();
        return all == null
                ? Optional.empty()
                : all.stream()
                        .filter(name -> name.get(0).equals(kind))
                        .map(name -> (String) name.get(1))
                        .findFirst();
    }

    @Override
    public void close() {}
}
