package dev.sandgate.proxy.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's TLS, one context for all names of a listener, that refuses names it has no certificate for before anything is
 * made for them. A session may be resumed by another name than its own: {@link ServerName} tells its own.
 */
final class NamedEngine extends JdkSSLEngineOptions {

    // where a client takes no ticket, the server remembers: these bound it
    private static final int SESSIONS = 10_000;
    private static final int SESSION_SECONDS = (int) TimeUnit.HOURS.toSeconds(1);

    private final SNIMatcher matcher;

    NamedEngine(SNIMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public NamedEngine copy() {
        return new NamedEngine(matcher);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                SslContext context = super.create();
                context.sessionContext().setSessionCacheSize(SESSIONS);
                context.sessionContext().setSessionTimeout(SESSION_SECONDS);
                return new DelegatingSslContext(context) {
                    @Override
                    protected void initEngine(SSLEngine engine) {
                        SSLParameters parameters = engine.getSSLParameters();
                        parameters.setSNIMatchers(List.of(matcher));
                        engine.setSSLParameters(parameters);
                    }
                };
            }
        };
    }
}
