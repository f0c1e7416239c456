package dev.sandgate.proxy.tls;

import dev.sandgate.conf.TlsConfig.KeyFiles;
import io.vertx.core.VertxException;
import io.vertx.core.net.impl.pkcs1.PrivateKeyParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Reads certificates with their keys, from PEM or PKCS#12. What it gives can be served: the key is the leaf's. Whether
 * the leaf is in its time is not its matter. Blocking, where it reads files.
 */
public final class KeyReader {

    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private KeyReader() {}

    /** Each of a file's keys; never none. */
    static List<CertifiedKey> read(KeyFiles files) throws FlawedKey {
        if (files instanceof KeyFiles.Pem pem) {
            return List.of(pem(text(pem.certificate()), text(pem.key())));
        }
        KeyFiles.Pkcs12 store = (KeyFiles.Pkcs12) files;
        return pkcs12(store.file(), store.password());
    }

    /**
     * A chain, leaf first, and the leaf's key: PKCS#8, or the older forms of RSA (RFC 8017) and EC (RFC 5915). Both may
     * be the same text. Does not block.
     *
     * @throws FlawedKey which of the two cannot be used, and why
     */
    public static CertifiedKey pem(PemText certificate, PemText key) throws FlawedKey {
        List<X509Certificate> chain = chain(certificate);
        return fitting(certificate.name(), key.name(), key(key), chain);
    }

    /** The certificates of those who may vouch for others; never none. Blocking. */
    static List<X509Certificate> authorities(Path file) throws FlawedKey {
        return chain(text(file));
    }

    private static List<X509Certificate> chain(PemText pem) throws FlawedKey {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemText.Block block : pem.blocks()) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(certificate(pem, block));
            }
        }
        if (chain.isEmpty()) {
            throw pem.flaw("has no certificate (expected: PEM, with -----BEGIN CERTIFICATE-----)");
        }
        return chain;
    }

    private static X509Certificate certificate(PemText pem, PemText.Block block) throws FlawedKey {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException broken) {
            throw pem.flaw("has a certificate that cannot be read");
        }
    }

    private static PrivateKey key(PemText pem) throws FlawedKey {
        for (PemText.Block block : pem.blocks()) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
                throw pem.encrypted();
            }
            if (block.label().endsWith("PRIVATE KEY")) {
                return key(pem, block);
            }
        }
        throw pem.flaw("has no key (expected: PEM, with -----BEGIN PRIVATE KEY-----)");
    }

    private static PrivateKey key(PemText pem, PemText.Block block) throws FlawedKey {
        try {
            return switch (block.label()) {
                case "EC PRIVATE KEY" ->
                    KeyFactory.getInstance("EC").generatePrivate(PrivateKeyParser.getECKeySpec(block.der()));
                case "RSA PRIVATE KEY" ->
                    KeyFactory.getInstance("RSA").generatePrivate(PrivateKeyParser.getRSAKeySpec(block.der()));
                case "PRIVATE KEY" -> pkcs8(block.der());
                default ->
                    throw pem.flaw("has a key of an unknown form, " + block.label() + " (expected: PRIVATE KEY)");
            };
        } catch (GeneralSecurityException | VertxException broken) {
            throw pem.flaw("has a key that cannot be read (expected: RSA, EC or Ed25519)");
        }
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        InvalidKeySpecException unknown = new InvalidKeySpecException();
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException other) {
                unknown = other; // the next one may know it
            }
        }
        throw unknown;
    }

    private static List<CertifiedKey> pkcs12(Path file, String password) throws FlawedKey {
        String name = file.toString();
        char[] secret = password.toCharArray();
        try (InputStream in = new ByteArrayInputStream(bytes(file))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, secret);
            List<CertifiedKey> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, secret);
                Certificate[] chain = store.getCertificateChain(alias);
                if (key instanceof PrivateKey own && chain != null) {
                    keys.add(fitting(name, name, own, certificates(chain)));
                }
            }
            if (keys.isEmpty()) {
                throw new FlawedKey(name, "has no key with its certificate");
            }
            return List.copyOf(keys);
        } catch (UnrecoverableKeyException wrong) {
            throw new FlawedKey(name, "cannot be opened with this password");
        } catch (IOException broken) {
            throw new FlawedKey(
                    name,
                    broken.getCause() instanceof UnrecoverableKeyException
                            ? "cannot be opened with this password"
                            : "is not a PKCS#12 file");
        } catch (GeneralSecurityException broken) {
            throw new FlawedKey(name, "cannot be read as PKCS#12");
        }
    }

    private static List<X509Certificate> certificates(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    private static CertifiedKey fitting(String where, String keyAt, PrivateKey key, List<X509Certificate> chain)
            throws FlawedKey {
        if (!KeyFit.fits(key, chain.get(0).getPublicKey())) {
            throw new FlawedKey(
                    keyAt,
                    where.equals(keyAt)
                            ? "has a key that is not the first certificate's (expected: the leaf first)"
                            : "the key is not that of the first certificate in " + where
                                    + " (expected: the leaf first)");
        }
        try {
            return CertifiedKey.of(key, chain);
        } catch (CertificateParsingException broken) {
            throw new FlawedKey(where, "has a certificate whose names cannot be read");
        }
    }

    private static PemText text(Path file) throws FlawedKey {
        return new PemText(file.toString(), new String(bytes(file), StandardCharsets.ISO_8859_1));
    }

    private static byte[] bytes(Path file) throws FlawedKey {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new FlawedKey(file.toString(), "is not there");
        } catch (IOException unreadable) {
            throw new FlawedKey(file.toString(), "cannot be read");
        }
    }
}
