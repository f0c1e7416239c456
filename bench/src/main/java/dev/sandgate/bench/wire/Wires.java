package dev.sandgate.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one door: as many as are needed at a time, up to a bound; beyond it a request waits its turn. Streams
 * have connections of their own, without a bound.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or connect that fails closes the channel, which is heard
public final class Wires implements AutoCloseable {

    private static final int LOOK_MILLIS = 100;
    private static final int LARGEST_HEAD = 64 * 1024;

    private record Waiting(Ask ask, Ear ear) {}

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final String authority;
    private final int most;
    private final long timeoutNanos;
    private final ArrayDeque<Wire> idle = new ArrayDeque<>();
    private final Set<Wire> all = new LinkedHashSet<>();
    private final Set<Wire> streams = new LinkedHashSet<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    /**
     * To one door; nothing is opened before it is needed.
     *
     * @param most connections at a time, 1 or more
     * @param timeout how long an answer's head may take, and each piece that follows; a stream may be silent
     */
    public Wires(EventLoop loop, URI door, int most, Duration timeout) {
        this.loop = loop;
        this.most = most;
        this.timeoutNanos = timeout.toNanos();
        int port = door.getPort() < 0 ? 80 : door.getPort();
        this.address = new InetSocketAddress(door.getHost(), port);
        this.authority = door.getHost() + ":" + port;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(Loop.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis());
        loop.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Sends a request on an idle connection, or a new one, or when its turn comes. */
    public void send(Ask ask, Ear ear) {
        if (closed) {
            ear.cut(Ear.Cut.LEFT);
            return;
        }
        Wire free = idle.pollLast();
        if (free != null) {
            free.send(ask, ear, System.nanoTime() + timeoutNanos);
        } else if (all.size() < most) {
            connect(all, ask, ear);
        } else {
            waiting.add(new Waiting(ask, ear));
        }
    }

    /** Sends a request whose answer is a stream, on a connection of its own, which its {@link Wire#leave} ends. */
    public Wire stream(Ask ask, Ear ear) {
        return connect(streams, ask, ear);
    }

    /** The door's own {@code host:port}. */
    public String authority() {
        return authority;
    }

    InetSocketAddress address() {
        return address;
    }

    EventLoop loop() {
        return loop;
    }

    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    private Wire connect(Set<Wire> among, Ask ask, Ear ear) {
        Wire wire = new Wire(this, authority, among == all ? timeoutNanos : Long.MAX_VALUE / 2);
        among.add(wire);
        bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec(
                                        new HttpDecoderConfig()
                                                .setMaxInitialLineLength(LARGEST_HEAD)
                                                .setMaxHeaderSize(LARGEST_HEAD)
                                                .setValidateHeaders(false),
                                        false,
                                        false))
                                .addLast(wire);
                    }
                })
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        gone(wire);
                        ear.cut(Ear.Cut.REFUSED);
                    } else if (all.contains(wire) || streams.contains(wire)) {
                        wire.send(ask, ear, System.nanoTime() + timeoutNanos);
                    } else {
                        ear.cut(Ear.Cut.LEFT);
                    }
                });
        return wire;
    }

    void idle(Wire wire) {
        if (streams.contains(wire)) {
            wire.leave();
            return;
        }
        Waiting next = waiting.poll();
        if (next != null) {
            wire.send(next.ask(), next.ear(), System.nanoTime() + timeoutNanos);
        } else {
            idle.add(wire);
        }
    }

    void gone(Wire wire) {
        streams.remove(wire);
        if (all.remove(wire)) {
            idle.remove(wire);
            Waiting next = waiting.poll();
            if (next != null) {
                send(next.ask(), next.ear());
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (Wire wire : List.copyOf(all)) {
            wire.look(now);
        }
        for (Wire wire : List.copyOf(streams)) {
            wire.look(now);
        }
    }

    /** Ends all connections; what is still heard or waits is told that it was left. */
    @Override
    public void close() {
        closed = true;
        for (Wire wire : List.copyOf(all)) {
            wire.leave();
        }
        for (Wire wire : List.copyOf(streams)) {
            wire.leave();
        }
        for (Waiting left = waiting.poll(); left != null; left = waiting.poll()) {
            left.ear().cut(Ear.Cut.LEFT);
        }
    }
}
