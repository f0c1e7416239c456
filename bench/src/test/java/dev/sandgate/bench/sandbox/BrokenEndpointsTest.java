package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BrokenEndpointsTest {

    private final SandboxUnderTest under = new SandboxUnderTest();

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void closesBeforeTheHead() throws Exception {
        assertThat(broken("close-before-head")).isEmpty();
    }

    @Test
    void sendsHalfOfTheLengthThatItPromised() throws Exception {
        assertThat(broken("half-length")).contains("\r\nContent-Length: 32\r\n").endsWith("\r\n\r\nonly half of it ");
    }

    @Test
    void leavesOutTheLastChunk() throws Exception {
        assertThat(broken("half-chunked"))
                .contains("\r\nTransfer-Encoding: chunked\r\n")
                .endsWith("\r\n\r\n10\r\nonly half of it \r\n");
    }

    @Test
    void sendsAChunkWithoutALength() throws Exception {
        assertThat(broken("bad-chunk")).contains("\r\n10\r\nonly half of it \r\nzz\r\n");
    }

    @Test
    void sendsAStatusThatIsNone() throws Exception {
        assertThat(broken("garbage-status")).startsWith("HTTP/1.1 banana\r\n");
    }

    @Test
    void neverAnswers() throws Exception {
        try (Socket socket = under.connect()) {
            SandboxUnderTest.ask(socket, "/broken?how=never");
            under.get("/count"); // a later request was answered, so this one was not merely late
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void resetsTheConnection() throws Exception {
        assertThatThrownBy(() -> broken("reset"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void refusesAWayThatItDoesNotKnow() throws Exception {
        assertThat(under.get("/broken?how=badly").statusCode()).isEqualTo(400);
        assertThat(under.get("/broken").body()).contains("expected: one of [bad-chunk, close-before-head,");
    }

    private String broken(String how) throws IOException {
        return under.raw("/broken?how=" + how);
    }
}
