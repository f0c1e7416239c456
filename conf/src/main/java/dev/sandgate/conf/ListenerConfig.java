package dev.sandgate.conf;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One address on which clients connect.
 *
 * @param name its key under {@code listeners}
 * @param host an IP address or a name that resolves to one; {@code 0.0.0.0} and {@code ::} take every interface
 * @param port 0 to 65535; 0 takes a free one
 * @param tls as whom it speaks TLS; empty: clear text
 * @param httpsPort the port of https to which whoever comes in clear text is sent; empty: nobody is. Never together
 *     with tls
 * @param hsts what browsers are told of coming back by https only; empty: nothing. Only together with tls
 * @param http2 whether HTTP/2 is spoken: by ALPN on TLS, by prior knowledge on clear text
 * @param trustedProxies peers whose {@code Forwarded} and {@code X-Forwarded-*} are believed; empty: nobody's are
 * @param limits what a client may take
 */
public record ListenerConfig(
        String name,
        String host,
        int port,
        Optional<TlsConfig> tls,
        OptionalInt httpsPort,
        Optional<HstsConfig> hsts,
        boolean http2,
        List<IPAddress> trustedProxies,
        LimitsConfig limits) {}
