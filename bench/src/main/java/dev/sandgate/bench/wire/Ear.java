package dev.sandgate.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Hears one answer: a head, any number of pieces, and one end or one cut. A cut may come at any time, before the head too. */
public interface Ear {

    void head(HttpResponse head);

    /** The bytes are the caller's: what is to be kept must be copied. */
    void piece(ByteBuf piece);

    /** The answer was whole, by its own framing. */
    void end();

    /** Nothing more will come. */
    void cut(Cut why);

    /** Why an answer ended before its end. */
    enum Cut {
        /** No connection was to be had. */
        REFUSED("refused"),
        /** The connection ended. */
        CLOSED("cut"),
        /** It took too long to begin, or stopped for too long. */
        TIMEOUT("timeout"),
        /** What came is no HTTP. */
        BROKEN("broken"),
        /** The run is over, or the asker has no use for it any more. */
        LEFT("left");

        private final String told;

        Cut(String told) {
            this.told = told;
        }

        /** As it stands among the failures of a result. */
        public String told() {
            return told;
        }
    }
}
