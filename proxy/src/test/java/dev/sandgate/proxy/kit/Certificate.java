package dev.sandgate.proxy.kit;

import dev.sandgate.conf.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate and its key, made by the running JDK's {@code keytool}: as PEM files for a door, and as TLS
 * contexts for the test's own clients and instances. Made once for each name, in files that go with the JVM.
 */
public final class Certificate {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Map<String, Certificate> MADE = new ConcurrentHashMap<>();

    private final KeyStore store;
    private final TlsConfig.KeyFiles.Pem files;

    private Certificate(KeyStore store, TlsConfig.KeyFiles.Pem files) {
        this.store = store;
        this.files = files;
    }

    /**
     * The certificate for these names.
     *
     * @param names as in {@code keytool}: {@code dns:localhost,ip:127.0.0.1}
     */
    public static Certificate of(String names) {
        return MADE.computeIfAbsent(names, missing -> make(missing));
    }

    private static Certificate make(String names) {
        try {
            Path folder = Files.createTempDirectory("sandgate-certificate");
            Path keys = folder.resolve("keys.p12");
            keytool(keys, names);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keys)) {
                store.load(in, PASSWORD);
            }
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            pem(certificate, "CERTIFICATE", store.getCertificate("it").getEncoded());
            pem(key, "PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded());
            List.of(folder, keys, certificate, key)
                    .forEach(path -> path.toFile().deleteOnExit());
            return new Certificate(store, new TlsConfig.KeyFiles.Pem(certificate, key));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void keytool(Path keys, String names) throws IOException {
        String command =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        command,
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=a test of Sandgate",
                        "-ext",
                        "san=" + names,
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** What a listener that shows it says of TLS. */
    public TlsConfig files() {
        return TlsConfig.of(files);
    }

    /** The two PEM files. */
    public TlsConfig.KeyFiles.Pem pem() {
        return files;
    }

    /** A context that shows this certificate and trusts it alone. */
    public SSLContext context() {
        try {
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(store, PASSWORD);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("it", store.getCertificate("it"));
            TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            others.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
