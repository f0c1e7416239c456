package dev.sandgate.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** When the end of a connection is told, seen from behind. */
final class LateHangUpTest {

    private final Behind behind = new Behind();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LateHangUp hangUp =
            LateHangUp.before("behind", channel.pipeline().addLast("behind", behind));

    private static final class Behind extends ChannelInboundHandlerAdapter {
        private boolean toldOfTheEnd;
        private boolean toldOfAFailure;

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            toldOfTheEnd = true;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
            toldOfAFailure = true;
        }
    }

    private void answers(HttpResponseStatus status) {
        channel.writeInbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status), LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Test
    void staysBehindAWholeAnswerUntilTheExchangeIsOver() {
        hangUp.begin();
        answers(HttpResponseStatus.OK);
        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        channel.close().syncUninterruptibly();
        assertThat(behind.toldOfTheEnd).isFalse();

        hangUp.end();
        assertThat(behind.toldOfTheEnd).isTrue();
        assertThat(behind.toldOfAFailure).isFalse();
    }

    @Test
    void isToldAtOnceWhereTheAnswerIsNotWhole() {
        hangUp.begin();
        answers(HttpResponseStatus.CONTINUE);
        channel.writeInbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.pipeline().fireExceptionCaught(new IOException("reset"));
        channel.close().syncUninterruptibly();

        assertThat(behind.toldOfAFailure).isTrue();
        assertThat(behind.toldOfTheEnd).isTrue();
    }

    @Test
    void isToldAtOnceBetweenExchanges() {
        hangUp.begin();
        answers(HttpResponseStatus.OK);
        hangUp.end();
        assertThat(behind.toldOfTheEnd).isFalse();

        channel.close().syncUninterruptibly();
        assertThat(behind.toldOfTheEnd).isTrue();
    }

    @Test
    void theAnswerBeforeDoesNotCountForTheNext() {
        hangUp.begin();
        answers(HttpResponseStatus.OK);
        hangUp.begin();
        channel.close().syncUninterruptibly();

        assertThat(behind.toldOfTheEnd).isTrue();
    }
}
