package dev.sandgate.affinity.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A self-signed certificate and its key as PEM files, made by the running JDK's {@code keytool}. */
public record PemFiles(Path certificate, Path key) {

    private static final String PASSWORD = "changeit";

    /**
     * Made in this folder.
     *
     * @param names as in {@code keytool}: {@code dns:localhost,ip:127.0.0.1}
     */
    public static PemFiles in(Path folder, String names) throws IOException, GeneralSecurityException {
        Path keys = folder.resolve("keys.p12");
        keytool(keys, names);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        pem(certificate, "CERTIFICATE", store.getCertificate("it").getEncoded());
        pem(key, "PRIVATE KEY", store.getKey("it", PASSWORD.toCharArray()).getEncoded());
        return new PemFiles(certificate, key);
    }

    private static void keytool(Path keys, String names) throws IOException {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options = "-genkeypair -alias it -keyalg EC -groupname secp256r1 -dname CN=test -validity 30"
                + " -storetype PKCS12 -storepass " + PASSWORD + " -ext san=" + names + " -keystore";
        Process process = new ProcessBuilder((program + " " + options + " " + keys).split(" ", -1))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    private static void pem(Path file, String what, byte[] der) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
