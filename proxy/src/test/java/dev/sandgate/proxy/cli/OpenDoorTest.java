package dev.sandgate.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class OpenDoorTest {

    @Test
    void saysInOneLineThatAListenerCannotBeOpenedAndReturns1() throws Exception {
        StringWriter err = new StringWriter();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OpenDoor door = new OpenDoor(new PrintWriter(err, true));
            assertThat(door.run(SmallConfig.on("127.0.0.1", taken.getLocalPort())))
                    .isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly("sandgate: cannot open: listener public cannot listen on 127.0.0.1:"
                            + taken.getLocalPort() + ": Address already in use");
        }
    }
}
