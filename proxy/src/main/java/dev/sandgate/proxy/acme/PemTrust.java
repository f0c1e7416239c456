package dev.sandgate.proxy.acme;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in those only that a PEM file names. */
final class PemTrust {

    private PemTrust() {}

    static SSLContext of(Buffer pem) {
        try {
            Collection<? extends Certificate> trusted = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes()));
            if (trusted.isEmpty()) {
                throw new IllegalArgumentException("acme.authorities: no certificate is in that file");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate each : trusted) {
                store.setCertificateEntry(Integer.toString(store.size()), each);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException unfit) {
            throw new IllegalArgumentException(
                    "acme.authorities: no PEM file with certificates: " + unfit.getMessage(), unfit);
        }
    }
}
