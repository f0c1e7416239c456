package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client that asks by a name of its choice.
 *
 * @param name asked for; empty: none
 * @param versions that it speaks; empty: the JDK's own choice
 * @param alpn protocols that it offers; empty: none
 */
public record TlsClient(SSLContext context, int port, String name, List<String> versions, List<String> alpn) {

    public static TlsClient of(SSLContext context, int port, String name) {
        return new TlsClient(context, port, name, List.of(), List.of());
    }

    public TlsClient speaking(String version) {
        return new TlsClient(context, port, name, List.of(version), alpn);
    }

    public TlsClient offering(String... protocols) {
        return new TlsClient(context, port, name, versions, List.of(protocols));
    }

    /** A connection after its handshake. */
    public SSLSocket connect() throws IOException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Await.PATIENCE.toMillis());
        plain.setSoTimeout((int) Await.PATIENCE.toMillis());
        // by one host and port for all names: what it remembers of one session it offers for another name too
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
        try {
            SSLParameters parameters = socket.getSSLParameters();
            List<SNIServerName> names = new ArrayList<>();
            if (!name.isEmpty()) {
                names.add(new SNIHostName(name));
            }
            parameters.setServerNames(names);
            parameters.setApplicationProtocols(alpn.toArray(new String[0]));
            socket.setSSLParameters(parameters);
            if (!versions.isEmpty()) {
                socket.setEnabledProtocols(versions.toArray(new String[0]));
            }
            socket.startHandshake();
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** The certificate that it is shown, on a connection that is closed after it. */
    public X509Certificate shown() throws IOException {
        try (SSLSocket socket = connect()) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** What a GET of {@code /x} with this Host is answered, on a connection that is closed after it. */
    public Answer get(String host) throws IOException {
        try (RawClient client = RawClient.over(connect())) {
            return client.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .answer("GET")
                    .orElseThrow();
        }
    }
}
