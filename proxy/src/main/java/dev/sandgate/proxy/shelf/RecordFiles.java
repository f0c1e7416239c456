package dev.sandgate.proxy.shelf;

import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.proxy.process.StateFolder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one kind of record: a line of JSON (name, version, bytes), then the value. Readable by their owner only;
 * whole or not there, also after a crash. The folder is made with the first record, and belongs to one running node at a
 * time. Every method blocks; one thread at a time. Close it once.
 */
final class RecordFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordFiles.class);
    private static final String RECORD = ".record";
    private static final String BESIDE = ".new";
    /** More than a record of 64 KiB with its line. */
    private static final int LARGEST = 80 * 1024;

    private final Path folder;
    private final Set<Path> told = new HashSet<>();
    private @Nullable FileChannel lock;

    RecordFiles(Path folder) {
        this.folder = folder;
    }

    /** All that can be read; a file that is broken is told of once, and left alone. */
    Map<String, Item> all() throws IOException {
        Map<String, Item> items = new HashMap<>();
        for (Path file : files()) {
            try {
                Stored stored = read(file);
                items.put(stored.name, stored.item);
                told.remove(file);
            } catch (IOException broken) {
                if (told.add(file)) {
                    LOG.error("{}; it is left out, and left alone", broken.getMessage());
                }
            }
        }
        return items;
    }

    private List<Path> files() throws IOException {
        if (!holds()) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(RECORD)).toList();
        }
    }

    /** @throws IOException where it is broken */
    Optional<Item> get(String name) throws IOException {
        Path file = file(name, RECORD);
        return holds() && Files.exists(file) ? Optional.of(read(file).item) : Optional.empty();
    }

    /** Writes it in the place of what stood under this name. */
    void put(String name, Item item) throws IOException {
        try {
            Files.createDirectories(folder);
            holds();
            String line = new JsonObject()
                    .put("name", name)
                    .put("version", item.version())
                    .put("bytes", item.value().length())
                    .encode();
            Path beside = file(name, BESIDE);
            Files.deleteIfExists(beside);
            write(beside, Buffer.buffer(line).appendString("\n").appendBuffer(item.value()));
            Files.move(beside, file(name, RECORD), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            settle();
        } catch (FileSystemException refused) {
            throw new IOException(
                    "the state folder " + folder + " cannot be used: " + StateFolder.why(refused), refused);
        }
    }

    void remove(String name) throws IOException {
        Files.deleteIfExists(file(name, RECORD));
        settle();
    }

    private Path file(String name, String ending) {
        return folder.resolve(RecordNames.file(name) + ending);
    }

    private record Stored(String name, Item item) {}

    private static Stored read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("the record " + file + " is broken: larger than any is written");
            }
            Buffer all = Buffer.buffer(Files.readAllBytes(file));
            int end = endOfLine(all);
            JsonObject line = new JsonObject(all.getString(0, end, "UTF-8"));
            String name = line.getString("name");
            Buffer value = all.getBuffer(Math.min(end + 1, all.length()), all.length());
            boolean whole = line.getInteger("bytes") == value.length()
                    && line.getLong("version") > 0
                    && file.endsWith(RecordNames.file(name) + RECORD);
            if (!whole) {
                throw new IOException("the record " + file + " is broken: its first line does not fit");
            }
            return new Stored(name, new Item(line.getLong("version"), value));
        } catch (DecodeException | ClassCastException | NullPointerException unfit) {
            throw new IOException("the record " + file + " is broken: its first line cannot be read", unfit);
        } catch (FileSystemException unreadable) {
            throw new IOException("the record " + file + " cannot be read: " + StateFolder.why(unreadable), unreadable);
        }
    }

    private static int endOfLine(Buffer all) {
        int end = 0;
        while (end < all.length() && all.getByte(end) != '\n') {
            end++;
        }
        return end;
    }

    private static void write(Path file, Buffer content) throws IOException {
        FileAttribute<?>[] owners = isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel out =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    // A name is in its folder for good only when the folder is written too; not every system lets a folder be opened.
    private void settle() throws IOException {
        if (isPosix(folder) && Files.isDirectory(folder)) {
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    // Whether there may be records; from then on the folder is this node's.
    private boolean holds() throws IOException {
        if (lock == null && Files.isDirectory(folder)) {
            if (isPosix(folder)) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            lock = locked(folder.resolve("lock"));
        }
        return lock != null;
    }

    private FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new IOException("the state folder " + folder + " is in use by another node (expected: one of its own;"
                    + " set \"state\" in one of the configs)");
        }
        return channel;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
