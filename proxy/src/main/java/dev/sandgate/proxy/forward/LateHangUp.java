package dev.sandgate.proxy.forward;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Keeps an instance's hang-up behind its answer. Vert.x fails an answer as soon as its connection is closed, even where
 * all of it has arrived and only waits for a slow client; so once an answer's last piece has passed, the end of the
 * connection is held back until the exchange is over. Where that piece never came, nothing is held back. All on the
 * connection's loop.
 */
final class LateHangUp extends ChannelInboundHandlerAdapter {

    private final ChannelHandlerContext behind;
    private boolean interim;
    private boolean whole;
    private boolean held;

    private LateHangUp(ChannelHandlerContext behind) {
        this.behind = behind;
    }

    /** Stands from now on directly before the handler of this name. */
    static LateHangUp before(String handler, ChannelPipeline pipeline) {
        ChannelHandlerContext behind = pipeline.context(handler);
        LateHangUp hangUp = new LateHangUp(behind);
        pipeline.addBefore(handler, "hang-up", hangUp);
        return hangUp;
    }

    /** Another exchange begins: no part of its answer has come. */
    void begin() {
        whole = false;
    }

    /** The exchange is over: what was held back is told. */
    void end() {
        whole = false;
        if (held) {
            held = false;
            try {
                // by hand: a closed channel's pipeline is empty, and passes nothing on
                ((ChannelInboundHandler) behind.handler()).channelInactive(behind);
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse answer) {
            interim = answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
        // an answer that could not be decoded ends too, and is not whole
        if (message instanceof LastHttpContent last && !interim) {
            whole = last.decoderResult().isSuccess();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (whole) {
            held = true;
        } else {
            context.fireChannelInactive();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
        if (whole) {
            // a reset, say: it is the end of the connection, and told as that
            context.close();
        } else {
            context.fireExceptionCaught(why);
        }
    }
}
