package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Whether a 101 really answers the handshake that it follows (RFC 6455 section 4.1): only then there is a tunnel. */
final class WebSocketAccept {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketAccept() {}

    static boolean fits(HttpClientResponse answer, Inbound inbound) {
        String upgrade = answer.getHeader("upgrade");
        String key = inbound.request().getHeader("sec-websocket-key");
        return upgrade != null
                && upgrade.equalsIgnoreCase("websocket")
                && expected(key).equals(answer.getHeader("sec-websocket-accept"));
    }

    private static String expected(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
