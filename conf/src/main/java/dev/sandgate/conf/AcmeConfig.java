package dev.sandgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where certificates are ordered (RFC 8555), proven by HTTP-01.
 *
 * @param directory of the authority, an https URI
 * @param contacts {@code mailto:} URIs to which it writes; mostly one
 * @param authorities a PEM file with those who vouch for the directory's own server; empty: the JDK's
 * @param account that the operator already has there; empty: none is needed
 * @param domains to order for, beside those that are added at run time; exact names, lower case
 */
public record AcmeConfig(
        URI directory,
        List<String> contacts,
        Optional<Path> authorities,
        Optional<ExternalAccount> account,
        List<String> domains) {

    /**
     * Binds our account to the operator's (RFC 8555 section 7.3.4).
     *
     * @param id as the authority gave it
     * @param key as the authority gave it, base64url
     */
    public record ExternalAccount(String id, String key) {

        /** Without the key. */
        @Override
        public String toString() {
            return "ExternalAccount[" + id + "]";
        }
    }
}
