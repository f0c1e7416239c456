package dev.sandgate.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a listener speaks TLS, and as whom. Relative paths were resolved against the config file's folder.
 *
 * @param usual served to who asks for a name that no other certificate is for, or for none; empty: nothing is
 * @param further each served to who asks for one of the names in it
 * @param folder whose PEM pairs ({@code NAME.pem} or {@code NAME.crt} beside {@code NAME.key}) and PKCS#12 files
 *     ({@code NAME.p12} or {@code NAME.pfx}) are served too, read again when they change; empty: none
 * @param minimum the oldest version that is spoken
 * @param clients who may come in by certificate; empty: nobody is asked for one
 */
public record TlsConfig(
        Optional<KeyFiles> usual,
        List<KeyFiles> further,
        Optional<Path> folder,
        Version minimum,
        Optional<ClientCertificates> clients) {

    /** One certificate from these files for whoever comes. */
    public static TlsConfig of(KeyFiles usual) {
        return new TlsConfig(Optional.of(usual), List.of(), Optional.empty(), Version.TLS_1_2, Optional.empty());
    }

    /** Versions of TLS. */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }

    /** Where a certificate and its key stand. */
    public sealed interface KeyFiles {

        /**
         * Both in PEM.
         *
         * @param certificate the chain, leaf first
         * @param key not encrypted
         */
        record Pem(Path certificate, Path key) implements KeyFiles {}

        /**
         * Together in a PKCS#12 file.
         *
         * @param password of the file and the key in it; may be empty
         */
        record Pkcs12(Path file, String password) implements KeyFiles {

            /** Without the password. */
            @Override
            public String toString() {
                return "Pkcs12[" + file + "]";
            }
        }
    }

    /**
     * Clients' own certificates.
     *
     * @param authorities a PEM file with those who may vouch for them
     * @param required whether nobody comes in without one
     */
    public record ClientCertificates(Path authorities, boolean required) {}
}
