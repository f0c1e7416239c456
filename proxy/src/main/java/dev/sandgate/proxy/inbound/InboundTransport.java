package dev.sandgate.proxy.inbound;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.IoUringTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * The best transport of this machine, with an {@link AcceptGate} before every listener that names one: Vert.x's own
 * {@code connectionHandler} is too late to time a connection's first head, or to count one that never sends a byte.
 */
public final class InboundTransport implements Transport {

    private final String name;
    private final Transport delegate;
    private final Map<Integer, AcceptGate> gates = new ConcurrentHashMap<>();

    private InboundTransport(String name, Transport delegate) {
        this.name = name;
        this.delegate = delegate;
    }

    /** Epoll, else io_uring, else NIO: the first that loads here. */
    public static InboundTransport best() {
        return loaded("epoll", EpollTransport::new)
                .or(() -> loaded("io_uring", IoUringTransport::new))
                .orElseGet(InboundTransport::nio);
    }

    /** The JDK's own, which works everywhere. */
    public static InboundTransport nio() {
        return new InboundTransport("nio", NioTransport.INSTANCE);
    }

    // A native library that is missing or does not fit shows as an Error, not as "not available".
    private static Optional<InboundTransport> loaded(String name, Supplier<Transport> library) {
        try {
            Transport transport = library.get();
            return transport.isAvailable() ? Optional.of(new InboundTransport(name, transport)) : Optional.empty();
        } catch (LinkageError missing) {
            return Optional.empty();
        }
    }

    /** {@code epoll}, {@code io_uring} or {@code nio}. */
    public String name() {
        return name;
    }

    /**
     * Puts a gate before the listener that is bound next with this accept backlog. The backlog is the one thing that
     * an option carries from a listener to the place where it is bound, so every listener has its own.
     */
    public void guard(int backlog, AcceptGate gate) {
        gates.put(backlog, gate);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        delegate.configure(options, domainSocket, bootstrap);
        AcceptGate gate = gates.get(options.getAcceptBacklog());
        if (gate != null) {
            bootstrap.handler(gate);
        }
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        delegate.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        delegate.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public boolean supportsDomainSockets() {
        return delegate.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return delegate.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return delegate.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return delegate.unavailabilityCause();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return delegate.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return delegate.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return delegate.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory threadFactory, int ioRatio) {
        return delegate.eventLoopGroup(type, threads, threadFactory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return delegate.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // the SPI asks for it
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return delegate.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return delegate.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return delegate.serverChannelFactory(domainSocket);
    }
}
