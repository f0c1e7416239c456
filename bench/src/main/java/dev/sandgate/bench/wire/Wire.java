package dev.sandgate.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection to a door, with one exchange at a time on it. */
@SuppressWarnings("FutureReturnValueIgnored") // a write or connect that fails closes the channel, which is heard
public final class Wire extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger log = System.getLogger(Wire.class.getName());

    private final Wires owner;
    private final String authority;
    private final long silenceNanos;
    private @Nullable Channel channel;
    private @Nullable Ear ear;
    private boolean keep;
    private boolean begun;
    private long deadline;

    /** Has yet to be connected; {@code silenceNanos} is how long it may be silent within an answer. */
    Wire(Wires owner, String authority, long silenceNanos) {
        this.owner = owner;
        this.authority = authority;
        this.silenceNanos = silenceNanos;
    }

    /** Sends a request and has its answer heard. */
    void send(Ask ask, Ear hears, long answerBy) {
        Channel open = Objects.requireNonNull(channel, "a wire is asked once it is open");
        ear = hears;
        begun = false;
        deadline = answerBy;
        open.writeAndFlush(request(ask), open.voidPromise());
    }

    /** Ends the connection, and with it whatever is heard on it: the ear is told that it was left. */
    public void leave() {
        finish(Ear.Cut.LEFT);
    }

    /** Cuts an exchange that has taken too long to begin or to go on. */
    void look(long now) {
        if (ear != null && now - deadline > 0) {
            finish(Ear.Cut.TIMEOUT);
        }
    }

    boolean busy() {
        return ear != null;
    }

    private DefaultFullHttpRequest request(Ask ask) {
        HttpMethod method = HttpMethod.valueOf(ask.method());
        ByteBuf body =
                ask.body().isEmpty() ? Unpooled.EMPTY_BUFFER : ByteBufUtil.writeUtf8(owner.allocator(), ask.body());
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, ask.target(), body);
        HttpHeaders headers = request.headers();
        headers.set(HttpHeaderNames.HOST, ask.host().isEmpty() ? authority : ask.host());
        if (!ask.body().isEmpty() || HttpMethod.POST.equals(method)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        List<String> fields = ask.fields();
        for (int i = 0; i < fields.size(); i += 2) {
            headers.add(fields.get(i), fields.get(i + 1));
        }
        return request;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        Ear hears = ear;
        if (hears == null) {
            context.close(); // an answer that nobody asked for
            return;
        }
        if (part.decoderResult().isFailure()) {
            finish(Ear.Cut.BROKEN);
            return;
        }
        deadline = System.nanoTime() + silenceNanos;
        if (part instanceof HttpResponse head) {
            if (head.status().code() == 100) {
                return;
            }
            begun = true;
            keep = HttpUtil.isKeepAlive(head);
            hears.head(head);
        }
        if (part instanceof HttpContent content && begun) {
            if (content.content().isReadable()) {
                hears.piece(content.content());
            }
            if (content instanceof LastHttpContent) {
                over(hears);
            }
        }
    }

    private void over(Ear hears) {
        if (ear != hears) {
            return; // it left while it heard
        }
        ear = null;
        // first the wire, so that what the ear asks next finds it
        if (keep) {
            owner.idle(this);
        } else {
            close();
        }
        hears.end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        finish(Ear.Cut.CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        if (!(broken instanceof IOException)) {
            log.log(Level.ERROR, "a wire's ear failed", broken);
        }
        finish(Ear.Cut.CLOSED);
    }

    private void finish(Ear.Cut why) {
        Ear hears = ear;
        ear = null;
        close();
        if (hears != null) {
            hears.cut(why);
        }
    }

    private void close() {
        owner.gone(this);
        if (channel != null) {
            channel.close();
        }
    }
}
