package dev.sandgate.proxy.kit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * Hears every line above INFO, of logback and of java.util.logging, and tells which the test did not announce. A
 * blocked event loop and a Netty {@code LEAK:} are such lines.
 */
public final class LogWatch {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> announced = new CopyOnWriteArrayList<>();
    private final Ear ear = new Ear();
    private final JulEar julEar = new JulEar();

    LogWatch() {}

    /** Lines that contain this text are welcome until the test's end; they need not come. */
    public void expect(String part) {
        announced.add(part);
    }

    /** Every line above INFO since the test began. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    void attach() {
        Logger root = root();
        ear.setContext(root.getLoggerContext());
        ear.start();
        root.addAppender(ear);
        LogManager.getLogManager().getLogger("").addHandler(julEar);
    }

    void detach() {
        root().detachAppender(ear);
        ear.stop();
        LogManager.getLogManager().getLogger("").removeHandler(julEar);
    }

    /** What came unannounced, none of which comes again. */
    List<String> takeUnannounced() {
        List<String> unannounced = new ArrayList<>();
        for (String line : heard) {
            if (announced.stream().noneMatch(line::contains)) {
                unannounced.add(line);
            }
        }
        heard.clear();
        return unannounced;
    }

    void forgetAnnouncements() {
        announced.clear();
    }

    private static Logger root() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private final class Ear extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                IThrowableProxy thrown = event.getThrowableProxy();
                String cause = thrown == null ? "" : " " + thrown.getClassName() + ": " + thrown.getMessage();
                heard.add(event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage() + cause);
            }
        }
    }

    private final class JulEar extends Handler {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() > java.util.logging.Level.INFO.intValue()) {
                String cause = line.getThrown() == null ? "" : " " + line.getThrown();
                heard.add(line.getLevel() + " " + line.getLoggerName() + ": " + line.getMessage() + cause);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
