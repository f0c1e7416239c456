package dev.sandgate.proxy.tls;

import dev.sandgate.proxy.tls.KeysByName.Held;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that one listener serves now, as handshakes ask for them. Others take their place between two
 * handshakes; one that is under way keeps what it was given. Any thread.
 */
public final class ServedKeys extends X509ExtendedKeyManager {

    private volatile KeysByName keys = KeysByName.NONE;
    private long generation;
    private List<CertifiedKey> usual = List.of();
    private List<List<CertifiedKey>> own = List.of();
    private List<List<CertifiedKey>> shared = List.of();
    // A handshake asks for alias, key and chain one after the other on one thread: between them it meets no other.
    @SuppressWarnings("ThreadLocalUsage") // as many as there are listeners
    private final ThreadLocal<@Nullable Held> given = new ThreadLocal<>();

    /** Serves these from the next handshake on, before those that are shared. */
    synchronized void own(List<CertifiedKey> usual, List<List<CertifiedKey>> groups) {
        this.usual = usual;
        this.own = groups;
        serve();
    }

    /** Serves these from the next handshake on, behind the listener's own. */
    synchronized void shared(List<List<CertifiedKey>> groups) {
        this.shared = groups;
        serve();
    }

    private void serve() {
        generation++;
        keys = new KeysByName(
                generation, usual, Stream.concat(own.stream(), shared.stream()).toList());
    }

    KeysByName now() {
        return keys;
    }

    /** Whether who names nobody is served the same certificate as who names this host, lower case. */
    public boolean isUsual(String host) {
        return keys.isUsual(host);
    }

    /** Refuses names that nothing is served for, by the alert {@code unrecognized_name}. */
    SNIMatcher matcher() {
        return new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                return name instanceof SNIHostName host && keys.serves(ServerName.of(host));
            }
        };
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
        Held chosen = keys.choose(ServerName.of(engine.getHandshakeSession()), type);
        given.set(chosen);
        return chosen == null ? null : chosen.alias();
    }

    private @Nullable Held held(String alias) {
        Held mine = given.get();
        return mine != null && mine.alias().equals(alias) ? mine : keys.held(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Held held = held(alias);
        return held == null ? null : held.key().key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Held held = held(alias);
        return held == null ? null : held.chain();
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
