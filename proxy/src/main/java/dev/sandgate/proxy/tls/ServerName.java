package dev.sandgate.proxy.tls;

import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;

/** The name that a client asks for in its first message (RFC 6066 section 3). */
public final class ServerName {

    private ServerName() {}

    /** Lower case; empty: it asked for none. Of a resumed session, the name that the session was made with. */
    public static String of(SSLSession session) {
        return session instanceof ExtendedSSLSession extended ? of(extended.getRequestedServerNames()) : "";
    }

    private static String of(List<SNIServerName> names) {
        for (SNIServerName name : names) {
            if (name instanceof SNIHostName host) {
                return of(host);
            }
        }
        return "";
    }

    static String of(SNIHostName host) {
        return host.getAsciiName().toLowerCase(Locale.ROOT);
    }
}
