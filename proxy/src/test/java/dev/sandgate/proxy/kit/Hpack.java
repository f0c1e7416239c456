package dev.sandgate.proxy.kit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Header blocks: written literally, so that any name and value can be said; read by Netty, one per connection. */
final class Hpack {

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** Each field as a literal without indexing, with a new name (RFC 7541, 6.2.2). */
    static byte[] literal(Fields fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Fields.Field field : fields.list()) {
            block.write(0);
            string(field.name(), block);
            string(field.value(), block);
        }
        return block.toByteArray();
    }

    private static void string(String text, ByteArrayOutputStream block) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        integer(bytes.length, block);
        block.writeBytes(bytes);
    }

    /** An integer with a prefix of seven bits (RFC 7541, 5.1). */
    private static void integer(int value, ByteArrayOutputStream block) {
        if (value < 127) {
            block.write(value);
            return;
        }
        block.write(127);
        int left = value - 127;
        for (; left >= 128; left >>>= 7) {
            block.write((left & 127) | 128);
        }
        block.write(left);
    }

    Fields read(int stream, byte[] block) throws Malformed {
        ByteBuf buffer = Unpooled.wrappedBuffer(block);
        try {
            Http2Headers headers = decoder.decodeHeaders(stream, buffer);
            List<Fields.Field> fields = new ArrayList<>();
            headers.forEach(header -> fields.add(new Fields.Field(
                    header.getKey().toString(), header.getValue().toString())));
            return new Fields(fields);
        } catch (Http2Exception broken) {
            throw new Malformed(String.valueOf(broken.getMessage()));
        } finally {
            buffer.release();
        }
    }
}
