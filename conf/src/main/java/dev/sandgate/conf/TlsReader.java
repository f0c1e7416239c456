package dev.sandgate.conf;

import dev.sandgate.conf.TlsConfig.ClientCertificates;
import dev.sandgate.conf.TlsConfig.KeyFiles;
import dev.sandgate.conf.TlsConfig.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code tls} of a listener. */
final class TlsReader {

    private static final String EXPECTED = "an object with certificate and key, keystore, certificates or folder";
    private static final String EXPECTED_FILES = "an object with certificate and key, or keystore";
    private static final String EXPECTED_CLIENTS = "an object with authorities";
    private static final int MOST_FILES = 10_000;
    private static final Shape<Path> CERTIFICATE = FilePaths.readable("a PEM file with the certificate chain");
    private static final Shape<Path> KEY = FilePaths.readable("a PEM file with the private key");
    private static final Shape<Path> KEYSTORE = FilePaths.readable("a PKCS#12 file");
    private static final Shape<Path> FOLDER = FilePaths.folder("a folder with certificates and keys");
    private static final Shape<Path> AUTHORITIES =
            FilePaths.readable("a PEM file with the certificates of those who may vouch for clients");
    private static final Shape<String> PASSWORD =
            Scalars.text("a password of at most 1,024 characters", Pattern.compile("(?s).{0,1024}"));
    private static final Shape<Version> MINIMUM = Scalars.oneOf(Map.of("1.2", Version.TLS_1_2, "1.3", Version.TLS_1_3));
    private static final Shape<KeyFiles> FILES =
            Shape.of(EXPECTED_FILES, value -> value.section(EXPECTED_FILES).flatMap(TlsReader::further));
    private static final Shape<ClientCertificates> CLIENTS =
            Shape.of(EXPECTED_CLIENTS, value -> value.section(EXPECTED_CLIENTS).flatMap(TlsReader::clients));

    private final boolean atRunTime;

    /** @param atRunTime whether certificates may come once the node runs */
    TlsReader(boolean atRunTime) {
        this.atRunTime = atRunTime;
    }

    Shape<TlsConfig> tls() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(this::tls));
    }

    private Optional<TlsConfig> tls(Section section) {
        boolean named = isNamed(section);
        Optional<KeyFiles> usual = named ? files(section) : Optional.empty();
        boolean alone = !named
                && section.take("certificates")
                        .filter(value -> !value.isEmptyList())
                        .isEmpty()
                && section.take("folder").isEmpty();
        List<KeyFiles> further = section.find("certificates", Lists.of("certificates", FILES, 0, MOST_FILES))
                .orElse(List.of());
        Optional<Path> folder = section.find("folder", FOLDER);
        Version minimum = section.find("minimum", MINIMUM).orElse(Version.TLS_1_2);
        Optional<ClientCertificates> clients = section.find("clients", CLIENTS);
        section.end();
        if (alone && !atRunTime) {
            section.refuse(EXPECTED + "; none can come later, for this file has neither admin nor acme");
            return Optional.empty();
        }
        return named && usual.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsConfig(usual, further, folder, minimum, clients));
    }

    private static Optional<KeyFiles> further(Section section) {
        if (isNamed(section)) {
            Optional<KeyFiles> files = files(section);
            section.end();
            return files;
        }
        section.end();
        section.refuse(EXPECTED_FILES);
        return Optional.empty();
    }

    /** Whether one of the keys is there that name a certificate; they are known from now on. */
    private static boolean isNamed(Section section) {
        return Stream.of("certificate", "key", "keystore", "password")
                        .filter(key -> section.take(key).isPresent())
                        .count()
                > 0;
    }

    private static Optional<KeyFiles> files(Section section) {
        boolean pem =
                section.take("certificate").isPresent() || section.take("key").isPresent();
        if (pem) {
            refuse(section, "keystore");
            refuse(section, "password");
            Optional<Path> certificate = section.need("certificate", CERTIFICATE);
            Optional<Path> key = section.need("key", KEY);
            return certificate.flatMap(chain -> key.map(secret -> new KeyFiles.Pem(chain, secret)));
        }
        Optional<Path> file = section.need("keystore", KEYSTORE);
        String password = section.find("password", PASSWORD).orElse("");
        return file.map(store -> new KeyFiles.Pkcs12(store, password));
    }

    private static void refuse(Section section, String key) {
        section.take(key).ifPresent(value -> value.context()
                .problems()
                .add(
                        value.node().spot(),
                        "key \"" + key + "\"",
                        "either certificate and key, or keystore and its password"));
    }

    private static Optional<ClientCertificates> clients(Section section) {
        Optional<Path> authorities = section.need("authorities", AUTHORITIES);
        boolean required = section.find("required", Scalars.BOOLEAN).orElse(false);
        section.end();
        return authorities.map(file -> new ClientCertificates(file, required));
    }
}
