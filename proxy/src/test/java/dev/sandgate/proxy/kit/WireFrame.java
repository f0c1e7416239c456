package dev.sandgate.proxy.kit;

import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One WebSocket frame (RFC 6455, 5.2), unmasked.
 *
 * @param opcode 0 to 15
 * @param last whether it ends its message
 */
record WireFrame(int opcode, boolean last, Buffer payload) {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int LONGEST = 64 * 1024 * 1024;

    static WireFrame text(String text) {
        return new WireFrame(TEXT, true, Buffer.buffer(text));
    }

    static WireFrame close(int code, String reason) {
        byte[] why = reason.getBytes(StandardCharsets.UTF_8);
        Buffer payload = Buffer.buffer().appendUnsignedShort(code).appendBytes(why);
        return new WireFrame(CLOSE, true, payload);
    }

    /** Reads one as a server may send it. */
    static WireFrame read(InputStream in) throws IOException {
        int first = one(in);
        int second = one(in);
        if ((first & 0x70) != 0 || (second & 0x80) != 0) {
            throw new Malformed("a frame with reserved bits, or masked by a server");
        }
        long length = second < 126 ? second : number(in, second == 126 ? 2 : 8);
        if (length < 0 || length > LONGEST) {
            throw new Malformed("a frame of " + length + " bytes");
        }
        byte[] payload = new byte[(int) length];
        for (int had = 0; had < payload.length; ) {
            int count = in.read(payload, had, payload.length - had);
            if (count < 0) {
                throw new EOFException("cut in a frame");
            }
            had += count;
        }
        return new WireFrame(first & 0x0f, (first & 0x80) != 0, Buffer.buffer(payload));
    }

    private static long number(InputStream in, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | one(in);
        }
        return value;
    }

    private static int one(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("hung up without a close");
        }
        return b;
    }

    /** As a client sends it: masked. */
    byte[] masked(int mask) {
        byte[] plain = payload.getBytes();
        ByteBuffer bytes = ByteBuffer.allocate(14 + plain.length);
        bytes.put((byte) ((last ? 0x80 : 0) | opcode));
        if (plain.length < 126) {
            bytes.put((byte) (0x80 | plain.length));
        } else if (plain.length < 65536) {
            bytes.put((byte) (0x80 | 126)).putShort((short) plain.length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(plain.length);
        }
        bytes.putInt(mask);
        for (int i = 0; i < plain.length; i++) {
            bytes.put((byte) (plain[i] ^ (mask >>> (24 - 8 * (i & 3)))));
        }
        byte[] frame = new byte[bytes.position()];
        bytes.flip().get(frame);
        return frame;
    }

    String asText() {
        return payload.toString();
    }

    /** The code of a close frame; 1005: it has none. */
    int closeCode() {
        return payload.length() < 2 ? 1005 : payload.getUnsignedShort(0);
    }

    String closeReason() {
        return payload.length() < 2 ? "" : payload.getString(2, payload.length());
    }
}
