package dev.sandgate.proxy.inbound;

import dev.sandgate.conf.LimitsConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and bounds a listener's connections from the moment of accept, before TLS or any protocol is looked at: in
 * all, and per peer address. What is over a bound is closed without a word. Shared by all loops; any thread.
 */
@ChannelHandler.Sharable
public final class AcceptGate extends ChannelInboundHandlerAdapter {

    private final LimitsConfig limits;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, AtomicInteger> byAddress = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final Set<InboundConnection> guests = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public AcceptGate(LimitsConfig limits) {
        this.limits = limits;
    }

    /** Connections open now. */
    public int open() {
        return open.get();
    }

    /**
     * Lets nobody in any more, since what is accepted from now on until nothing listens finds no loop to serve it, and
     * sends away who has not asked for anything.
     */
    public void close() {
        closed = true;
        guests.forEach(InboundConnection::dismiss);
    }

    /** Connections closed at accept since the start, because a bound was reached or the gate is closed. */
    public long refused() {
        return refused.sum();
    }

    @Override
    public void channelRead(ChannelHandlerContext accepting, Object accepted) {
        Channel connection = (Channel) accepted;
        if (!admit(connection)) {
            refused.increment();
            connection.unsafe().closeForcibly();
            return;
        }
        InboundConnection guest = new InboundConnection(limits);
        guests.add(guest);
        connection.closeFuture().addListener(left -> guests.remove(guest));
        if (closed) {
            // it may have come too late to be sent away with the others
            guest.dismiss();
        }
        connection.pipeline().addLast(guest);
        accepting.fireChannelRead(accepted);
    }

    private boolean admit(Channel connection) {
        if (closed) {
            return false;
        }
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            return false;
        }
        InetAddress peer = ((InetSocketAddress) connection.remoteAddress()).getAddress();
        if (enter(peer) > limits.connectionsPerAddress()) {
            leave(peer);
            return false;
        }
        connection.closeFuture().addListener(closed -> leave(peer));
        return true;
    }

    private int enter(InetAddress peer) {
        int[] now = new int[1];
        byAddress.compute(peer, (address, count) -> {
            AtomicInteger counted = count == null ? new AtomicInteger() : count;
            now[0] = counted.incrementAndGet();
            return counted;
        });
        return now[0];
    }

    private void leave(InetAddress peer) {
        open.decrementAndGet();
        byAddress.computeIfPresent(peer, (address, count) -> count.decrementAndGet() == 0 ? null : count);
    }
}
