package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** An authority of the tests. It signs as many certificates as one wants, within this JVM. Safe from any thread. */
public final class Authority {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration VALID = Duration.ofDays(30);

    private final AtomicLong serials = new AtomicLong(1);
    private final X500Name name;
    private final KeyPair keys = pair("EC");
    private final X509Certificate certificate;

    /** @param name its common name */
    public Authority(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = certificate(this.name, keys, Instant.now().plus(VALID), new GeneralName[0], true);
    }

    /** A certificate of this authority, with its key. */
    public record Signed(PrivateKey key, X509Certificate certificate, X509Certificate authority) {

        /** The chain, leaf first. */
        public String chainPem() {
            return pem(certificate) + pem(authority);
        }

        /** The key in PKCS#8. */
        public String keyPem() {
            try {
                return pem(new JcaPKCS8Generator(key, null).generate());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        /** The key in the form that was usual before PKCS#8. */
        public String oldKeyPem() {
            if (!(key instanceof ECPrivateKey ec)) {
                return pem(key);
            }
            try {
                var form = new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1);
                return pem(new PemObject("EC PRIVATE KEY", form.getEncoded()));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        /** Writes {@code NAME.pem} and {@code NAME.key}, each whole at once. */
        public void write(Path folder, String file) {
            put(folder.resolve(file + ".key"), keyPem());
            put(folder.resolve(file + ".pem"), chainPem());
        }

        private static void put(Path file, String text) {
            try {
                Path beside = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Both in a PKCS#12 store. */
        public KeyStore store(char[] password) {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, password);
                store.setKeyEntry("it", key, password, new X509Certificate[] {certificate, authority});
                return store;
            } catch (GeneralSecurityException | IOException failed) {
                throw new AssertionError(failed);
            }
        }
    }

    /** For these DNS names, with an EC P-256 key. */
    public Signed sign(String... names) {
        return sign(pair("EC"), Instant.now().plus(VALID), names);
    }

    /** The same with an RSA key. */
    public Signed signRsa(String... names) {
        return sign(pair("RSA"), Instant.now().plus(VALID), names);
    }

    /** For these DNS names, good until this moment. */
    public Signed sign(Instant until, String... names) {
        return sign(pair("EC"), until, names);
    }

    private Signed sign(KeyPair pair, Instant until, String... names) {
        GeneralName[] alternatives = Arrays.stream(names)
                .map(each -> new GeneralName(GeneralName.dNSName, each))
                .toArray(GeneralName[]::new);
        X500Name subject = new X500Name("CN=" + names[0]);
        return new Signed(pair.getPrivate(), certificate(subject, pair, until, alternatives, false), certificate);
    }

    /** For these DNS names, with the key of that one: cheaper than a new one. */
    public Signed signAgain(Signed other, String... names) {
        return sign(
                new KeyPair(other.certificate().getPublicKey(), other.key()),
                Instant.now().plus(VALID),
                names);
    }

    /**
     * For a client.
     *
     * @param subject as in {@code CN=alice,OU=ops}
     */
    public Signed signClient(String subject, GeneralName... alternatives) {
        KeyPair pair = pair("EC");
        Instant until = Instant.now().plus(VALID);
        return new Signed(
                pair.getPrivate(), certificate(new X500Name(subject), pair, until, alternatives, false), certificate);
    }

    private X509Certificate certificate(
            X500Name subject, KeyPair pair, Instant until, GeneralName[] names, boolean vouches) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(serials.getAndIncrement()),
                    Date.from(until.minus(VALID.multipliedBy(2))),
                    Date.from(until),
                    subject,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(vouches));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException | OperatorCreationException failed) {
            throw new AssertionError(failed);
        }
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Its own certificate, in PEM. */
    public String pem() {
        return pem(certificate);
    }

    private static String pem(Object thing) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(thing);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** A context that trusts this authority alone and remembers no session yet; it shows these, of which it has one at most. */
    public SSLContext context(Signed... shown) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, PASSWORD);
            trusted.setCertificateEntry("it", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyManager[] own = null;
            for (Signed each : List.of(shown)) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
                factory.init(each.store(PASSWORD), PASSWORD);
                own = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
