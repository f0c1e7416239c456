package dev.sandgate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.conf.TlsConfig.KeyFiles;
import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyReaderTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Authority authority = new Authority("domains");
    private final Signed one = authority.sign("One.test", "*.one.test");

    private final Path folder;

    KeyReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static CertifiedKey read(String certificate, String key) throws FlawedKey {
        return KeyReader.pem(new PemText("a.pem", certificate), new PemText("a.key", key));
    }

    @Test
    void readsAChainAndItsKeyInEachForm() throws FlawedKey {
        CertifiedKey key = read(one.chainPem(), one.keyPem());

        assertThat(key.names()).containsExactlyInAnyOrder("one.test", "*.one.test");
        assertThat(key.chain()).hasSize(2).first().isEqualTo(one.certificate());
        assertThat(key.key()).isEqualTo(one.key());
        assertThat(read(one.chainPem(), one.oldKeyPem()).key().getEncoded()).isNotEmpty();
        Signed rsa = authority.signRsa("rsa.test");
        assertThat(read(rsa.chainPem(), rsa.keyPem()).key()).isEqualTo(rsa.key());
        assertThat(read(rsa.chainPem(), rsa.oldKeyPem()).key()).isEqualTo(rsa.key());
    }

    @Test
    void readsBothFromOneTextWhateverStandsBetween() throws FlawedKey {
        String both =
                "a comment\n" + one.keyPem() + "another\r\n" + one.chainPem().replace("\n", "\r\n");

        assertThat(read(both, both).key()).isEqualTo(one.key());
    }

    @Test
    void tellsWhichFileIsFlawedAndHow() {
        Signed two = authority.sign("two.test");
        String chain = one.chainPem();
        String cut = chain.substring(0, chain.length() / 2);
        assertFlawed(cut, one.keyPem(), "a.pem: ends within a block (expected: -----END CERTIFICATE-----)");
        assertFlawed("", one.keyPem(), "a.pem: has no certificate (expected: PEM, with -----BEGIN CERTIFICATE-----)");
        assertFlawed(one.keyPem(), one.keyPem(), "a.pem: has no certificate");
        assertFlawed(chain, chain, "a.key: has no key (expected: PEM, with -----BEGIN PRIVATE KEY-----)");
        assertFlawed(chain, two.keyPem(), "a.key: the key is not that of the first certificate in a.pem");
        assertFlawed(chain, authority.signRsa("one.test").keyPem(), "a.key: the key is not that");
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        assertFlawed(chain, encrypted, "a.key: has an encrypted key (expected: a key without a passphrase)");
        String oldEncrypted =
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assertFlawed(chain, oldEncrypted, "a.key: has an encrypted key");
        String nonsense = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assertFlawed(chain, nonsense, "a.key: has a key that cannot be read (expected: RSA, EC or Ed25519)");
        assertFlawed(nonsense.replace("PRIVATE KEY", "CERTIFICATE"), one.keyPem(), "a.pem: has a certificate that");
    }

    private static void assertFlawed(String certificate, String key, String told) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOf(FlawedKey.class)
                .hasMessageStartingWith(told);
    }

    @Test
    void readsPkcs12() throws Exception {
        KeyFiles files = new KeyFiles.Pkcs12(write("a.p12", one.store(PASSWORD)), new String(PASSWORD));

        assertThat(KeyReader.read(files)).singleElement().satisfies(key -> assertThat(key.key())
                .isEqualTo(one.key()));
    }

    @Test
    void tellsWhatIsWrongWithPkcs12() throws Exception {
        Path store = write("a.p12", one.store(PASSWORD));
        Path empty = write("b.p12", KeyStore.getInstance("PKCS12"));
        Path text = Files.writeString(folder.resolve("c.p12"), "not at all");

        assertThatThrownBy(() -> KeyReader.read(new KeyFiles.Pkcs12(store, "wrong")))
                .hasMessage(store + ": cannot be opened with this password");
        assertThatThrownBy(() -> KeyReader.read(new KeyFiles.Pkcs12(empty, new String(PASSWORD))))
                .hasMessage(empty + ": has no key with its certificate");
        assertThatThrownBy(() -> KeyReader.read(new KeyFiles.Pkcs12(text, "")))
                .hasMessage(text + ": is not a PKCS#12 file");
        assertThatThrownBy(() -> KeyReader.read(new KeyFiles.Pkcs12(folder.resolve("d.p12"), "")))
                .hasMessageEndingWith("d.p12: is not there");
    }

    private Path write(String name, KeyStore store) throws IOException, GeneralSecurityException {
        if (!name.equals("a.p12")) {
            store.load(null, PASSWORD);
        }
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        return file;
    }
}
