package dev.sandgate.proxy.inbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the first bytes that a connection brings, and leaves. Only empty lines may stand before a request line (RFC
 * 9112 section 2.2); Netty skips blanks and controls as well, and others do not.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {

    private static final ByteBuf REFUSAL = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
                    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                    StandardCharsets.US_ASCII)
            .asReadOnly());

    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (refused) {
            bytes.release();
            return;
        }
        for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
            byte b = bytes.getByte(at);
            if (b != '\r' && b != '\n') {
                if (b > ' ' && b < 0x7F) {
                    context.pipeline().remove(this);
                    context.fireChannelRead(message);
                } else {
                    refused = true;
                    bytes.release();
                    context.writeAndFlush(REFUSAL.duplicate()).addListener(ChannelFutureListener.CLOSE);
                }
                return;
            }
        }
        context.fireChannelRead(message);
    }
}
