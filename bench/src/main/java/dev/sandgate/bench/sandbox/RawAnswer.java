package dev.sandgate.bench.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.nio.charset.StandardCharsets;

/**
 * A request's connection below HTTP, for answers that an honest server cannot give. Clear text only. Uses a class
 * inside Vert.x: {@link HttpServerRequest#toNetSocket()} is for CONNECT and upgrades, and sends a head of its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write to a client that has left concerns nobody
final class RawAnswer {

    private final Channel channel;

    RawAnswer(HttpServerRequest request) {
        this.channel = ((HttpServerConnection) request.connection())
                .channelHandlerContext()
                .channel();
    }

    /** Sends these bytes as they are, then a FIN. */
    void sayAndClose(String bytes) {
        // from the first handler on, nothing is between us and the socket: neither encoder nor compressor
        channel.pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** A FIN, with nothing before it. */
    void close() {
        // closed from above, the channel would send a WebSocket's close frame first
        channel.pipeline().firstContext().close();
    }

    /** An RST. */
    void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close();
    }
}
