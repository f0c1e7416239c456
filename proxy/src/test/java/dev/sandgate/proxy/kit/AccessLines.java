package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The access log's lines, as a test reads them. {@link TestDoor} takes its lines from here and from nowhere else: where
 * the door is given another way to hand them out, change {@link #ofStandardOutput()} alone.
 */
public interface AccessLines extends AutoCloseable {

    /** The whole lines so far, oldest first. */
    List<String> lines();

    @Override
    void close();

    /** Listens to {@link System#out} from now until it is closed, and keeps what is written from the console. */
    static AccessLines ofStandardOutput() {
        PrintStream before = System.out;
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        OutputStream copying = new OutputStream() {
            @Override
            public void write(int b) {
                synchronized (copy) {
                    copy.write(b);
                }
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                synchronized (copy) {
                    copy.write(bytes, from, count);
                }
            }
        };
        System.setOut(new PrintStream(copying, true, StandardCharsets.UTF_8));
        return new AccessLines() {
            @Override
            public List<String> lines() {
                String text;
                synchronized (copy) {
                    text = copy.toString(StandardCharsets.UTF_8);
                }
                return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            }

            @Override
            public void close() {
                System.setOut(before);
            }
        };
    }
}
