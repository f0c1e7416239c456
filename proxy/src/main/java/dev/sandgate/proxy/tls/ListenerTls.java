package dev.sandgate.proxy.tls;

import dev.sandgate.conf.TlsConfig;
import dev.sandgate.conf.TlsConfig.ClientCertificates;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How one listener speaks TLS. Any thread, once its authorities were read. */
public final class ListenerTls {

    private final TlsConfig config;
    private final boolean http2;
    private final Duration patience;
    private final ServedKeys keys = new ServedKeys();
    private volatile @Nullable TrustManagerFactory authorities;

    /** @param patience how long a handshake may take */
    ListenerTls(TlsConfig config, boolean http2, Duration patience) {
        this.config = config;
        this.http2 = http2;
        this.patience = patience;
    }

    /** What it serves. */
    public ServedKeys keys() {
        return keys;
    }

    /** Reads who may vouch for clients. Blocking. */
    void readAuthorities() throws FlawedKey {
        if (config.clients().isPresent()) {
            ClientCertificates clients = config.clients().get();
            authorities = trusting(KeyReader.authorities(clients.authorities()));
        }
    }

    private static TrustManagerFactory trusting(List<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate each : certificates) {
                store.setCertificateEntry(Integer.toString(store.size()), each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("this Java cannot check certificates", impossible);
        }
    }

    /** Makes the options of a server those of this listener. */
    public void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setSni(false)
                .setUseAlpn(http2)
                .setEnabledSecureTransportProtocols(versions())
                .setSslEngineOptions(new NamedEngine(keys.matcher()))
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setSslHandshakeTimeout(patience.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        TrustManagerFactory vouching = authorities;
        if (vouching != null) {
            boolean required =
                    config.clients().map(ClientCertificates::required).orElse(false);
            options.setClientAuth(required ? ClientAuth.REQUIRED : ClientAuth.REQUEST)
                    .setTrustOptions(TrustOptions.wrap(vouching.getTrustManagers()[0]));
        }
    }

    private Set<String> versions() {
        return new LinkedHashSet<>(
                config.minimum() == TlsConfig.Version.TLS_1_3 ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2"));
    }
}
