package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Stands before an instance, and cuts single processes off from it: they get a reset. Linux only. */
public final class CutRelay implements AutoCloseable {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private final ServerSocket server;
    private final int target;
    private final Set<Long> cut = ConcurrentHashMap.newKeySet();
    private final Map<Socket, Socket> pairs = new ConcurrentHashMap<>();

    private CutRelay(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static CutRelay before(int instance) {
        try {
            CutRelay relay = new CutRelay(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), instance);
            daemon(relay::accept);
            return relay;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on this process has no connection through here, old or new. */
    public void cut(long pid) {
        cut.add(pid);
        pairs.keySet().stream().filter(this::isCut).forEach(this::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (isCut(client)) {
                    reset(client);
                } else {
                    Socket instance = new Socket(InetAddress.getLoopbackAddress(), target);
                    pairs.put(client, instance);
                    daemon(() -> pump(client, instance));
                    daemon(() -> pump(instance, client));
                }
            } catch (IOException over) {
                // the relay's end, or the instance's: who is to be told, is told by its own socket
            }
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            // as below
        } finally {
            close(from);
            close(to);
            pairs.remove(from);
        }
    }

    private void reset(Socket client) {
        try {
            client.setSoLinger(true, 0);
        } catch (IOException over) {
            // closed already
        }
        close(client);
        Socket instance = pairs.remove(client);
        if (instance != null) {
            close(instance);
        }
    }

    private boolean isCut(Socket client) {
        return !cut.isEmpty()
                && inode(client).stream()
                        .anyMatch(inode -> cut.stream().anyMatch(pid -> holds(pid, "socket:[" + inode + "]")));
    }

    /** Of the socket at the other end. */
    private Optional<String> inode(Socket client) {
        String local = hex(client.getPort());
        String remote = hex(port());
        return TABLES.stream()
                .flatMap(CutRelay::lines)
                .map(line -> line.trim().split(" +", -1))
                .filter(words -> words.length > 9 && words[1].endsWith(local) && words[2].endsWith(remote))
                .map(words -> words[9])
                .findFirst();
    }

    private static String hex(int port) {
        return String.format(Locale.ROOT, ":%04X", port);
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException missing) {
            return Stream.empty();
        }
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.anyMatch(each -> leads(each).equals(socket));
        } catch (IOException ended) {
            return false;
        }
    }

    private static String leads(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cut relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        pairs.keySet().forEach(this::reset);
    }
}
