package dev.sandgate.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One WebSocket through a door. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or connect that fails closes the channel, which is heard
public final class SocketWire extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final int LARGEST_MESSAGE = 1024 * 1024;
    private static final int NORMAL_CLOSE = 1000;

    /** Hears a WebSocket: opened or closed first, then texts, then closed. */
    public interface SocketEar {

        /** The upgrade was answered with 101. */
        void opened();

        void text(String message);

        /**
         * It is over, once.
         *
         * @param status of the answer that refused the upgrade, else 0
         * @param code of the close frame, else 0
         */
        void closed(int status, int code);
    }

    private final SocketEar ear;
    private @Nullable Channel channel;
    private boolean over;
    private boolean left;

    private SocketWire(SocketEar ear) {
        this.ear = ear;
    }

    /** Opens one; fields go with the upgrade. */
    public static SocketWire open(
            Wires door, String target, Map<String, String> fields, Duration timeout, SocketEar ear) {
        SocketWire wire = new SocketWire(ear);
        HttpHeaders headers = new DefaultHttpHeaders();
        fields.forEach(headers::add);
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create("ws://" + door.authority() + target))
                .customHeaders(headers)
                .maxFramePayloadLength(LARGEST_MESSAGE)
                .handshakeTimeoutMillis(timeout.toMillis())
                .handleCloseFrames(false)
                .build();
        new Bootstrap()
                .group(door.loop())
                .channel(Loop.channel())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline()
                                .addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST_MESSAGE))
                                .addLast(new WebSocketClientProtocolHandler(config))
                                .addLast(wire);
                    }
                })
                .connect(door.address())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        wire.finish(0, 0);
                    }
                });
        return wire;
    }

    /** Sends a text; nothing where it is not open. */
    public void say(String text) {
        if (channel != null) {
            channel.writeAndFlush(new TextWebSocketFrame(text), channel.voidPromise());
        }
    }

    /** Says that it ends, and ends; the ear hears of it when the other side has answered or gone. */
    public void end() {
        if (channel != null) {
            channel.writeAndFlush(new CloseWebSocketFrame(NORMAL_CLOSE, ""), channel.voidPromise());
        }
    }

    /** Goes without a word, and hears nothing more. */
    public void leave() {
        left = true;
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (left) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            ear.opened();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text) {
            ear.text(text.text());
        } else if (frame instanceof CloseWebSocketFrame close) {
            finish(0, close.statusCode());
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finish(0, 0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        boolean refused = broken instanceof WebSocketClientHandshakeException;
        finish(refused ? status((WebSocketClientHandshakeException) broken) : 0, 0);
        context.close();
    }

    private static int status(WebSocketClientHandshakeException refused) {
        return refused.response() == null ? 0 : refused.response().status().code();
    }

    private void finish(int status, int code) {
        if (!over) {
            over = true;
            if (!left) {
                ear.closed(status, code);
            }
        }
    }
}
