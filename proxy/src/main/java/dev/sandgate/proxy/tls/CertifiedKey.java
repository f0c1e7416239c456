package dev.sandgate.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * A private key and the certificate that says whose it is.
 *
 * @param key of the leaf
 * @param chain leaf first; never empty
 * @param names that it is good for: DNS names of the leaf, lower case, some with {@code *.} before
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain, Set<String> names) {

    /** The names only. */
    @Override
    public String toString() {
        return "CertifiedKey" + names;
    }
}
