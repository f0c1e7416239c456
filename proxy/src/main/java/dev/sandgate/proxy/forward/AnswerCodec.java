package dev.sandgate.proxy.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 codec towards an instance. Unlike Netty's own it can say whether bytes are left over after an answer:
 * an instance that sent more than it announced would otherwise spoil the next answer on the connection.
 */
final class AnswerCodec extends CombinedChannelDuplexHandler<HttpResponseDecoder, HttpRequestEncoder> {

    private static final int MAX_HEAD = 64 * 1024;
    private static final int MAX_INTERIM = 100;

    private final Answers answers = new Answers();
    private @Nullable HttpMethod method;
    private boolean awaiting;
    private boolean surplus;

    AnswerCodec() {
        init(answers, new Requests());
    }

    /** Whether bytes came that belong to no answer. */
    boolean hasSurplus() {
        return surplus || answers.leftover() > 0;
    }

    /** Remembers which method is being answered: a HEAD's answer has no body, whatever it announces. */
    private final class Requests extends HttpRequestEncoder {
        @Override
        protected void encode(ChannelHandlerContext context, Object message, List<Object> out) throws Exception {
            if (message instanceof HttpRequest request) {
                method = request.method();
                awaiting = true;
            }
            super.encode(context, message, out);
        }
    }

    private final class Answers extends HttpResponseDecoder {
        private int interims;
        private boolean interim;

        Answers() {
            super(new HttpDecoderConfig().setMaxInitialLineLength(8192).setMaxHeaderSize(MAX_HEAD));
        }

        int leftover() {
            return actualReadableBytes();
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            if (message instanceof HttpResponse answer && isInterim(answer)) {
                if (++interims > MAX_INTERIM) {
                    throw new IllegalArgumentException("more than " + MAX_INTERIM + " interim answers");
                }
            } else {
                interims = 0;
                if (HttpMethod.HEAD.equals(method)) {
                    return true;
                }
            }
            return super.isContentAlwaysEmpty(message);
        }

        private static boolean isInterim(HttpResponse answer) {
            return answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && answer.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
            if (!awaiting) {
                surplus = true;
                buffer.skipBytes(actualReadableBytes());
                return;
            }
            int from = out.size();
            super.decode(context, buffer, out);
            for (int at = from; at < out.size(); at++) {
                Object part = out.get(at);
                if (part instanceof HttpResponse answer) {
                    interim = isInterim(answer);
                }
                if (interim) {
                    // Vert.x takes what it does not know for the final answer; 100 is our own to say
                    out.remove(at--);
                } else if (part instanceof LastHttpContent) {
                    awaiting = false;
                }
            }
        }
    }
}
