package dev.sandgate.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A private key and the certificate that says whose it is.
 *
 * @param key of the leaf
 * @param chain leaf first; never empty
 * @param names that it is good for: DNS names of the leaf, lower case, some with {@code *.} before
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain, Set<String> names) {

    private static final Integer DNS_NAME = 2;

    /** Good for the names that the leaf says. The key is not tried; {@link KeyReader} does that. */
    static CertifiedKey of(PrivateKey key, List<X509Certificate> chain) throws CertificateParsingException {
        return new CertifiedKey(key, List.copyOf(chain), names(chain.get(0)));
    }

    private static Set<String> names(X509Certificate leaf) throws CertificateParsingException {
        Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
        Set<String> names = new LinkedHashSet<>();
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                if (name.get(0).equals(DNS_NAME)) {
                    names.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return Set.copyOf(names);
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** The last moment at which the leaf is good. */
    public Instant until() {
        return leaf().getNotAfter().toInstant();
    }

    /** The names only. */
    @Override
    public String toString() {
        return "CertifiedKey" + names;
    }
}
