package dev.sandgate.proxy.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node writes down each child before it is used, so that none outlives the node unknown. Belongs to one running
 * node at a time, by a lock that the operating system drops with the node. Every method blocks; any thread.
 */
public final class StateFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String RECORD = ".json";
    /** How long what an earlier node left may take to end, all of it together. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path children;
    private final FileChannel lockFile;
    private final FileLock lock;

    private StateFolder(Path children, FileChannel lockFile, FileLock lock) {
        this.children = children;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Takes the folder, which is made where it is not there, and ends what an earlier node left running.
     *
     * @throws IOException where it cannot be used, or another node uses it
     */
    public static StateFolder open(Path folder) throws IOException {
        try {
            return take(folder);
        } catch (FileSystemException unusable) {
            throw new IOException("the state folder " + folder + " cannot be used: " + why(unusable), unusable);
        }
    }

    private static StateFolder take(Path folder) throws IOException {
        Path children = folder.resolve("children");
        Files.createDirectories(children);
        restrict(children);
        FileChannel file =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(file).orElse(null);
        if (lock == null) {
            file.close();
            throw new IOException("the state folder " + folder + " is in use by another node (expected: one of its own;"
                    + " set \"state\" in one of the configs)");
        }
        StateFolder state = new StateFolder(children, file, lock);
        state.sweep();
        return state;
    }

    /** What is wrong, for a person: the JDK's own message is mostly the file's name alone. */
    public static String why(FileSystemException refused) {
        if (refused instanceof AccessDeniedException) {
            return refused.getFile() + ": it may not be written";
        }
        if (refused instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (refused instanceof FileAlreadyExistsException) {
            return refused.getFile() + " is a file";
        }
        return String.valueOf(refused.getMessage());
    }

    private static Optional<FileLock> lock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException heldByThisProcess) {
            return Optional.empty();
        }
    }

    /** What the children's names and programs are is the node's own matter. */
    private static void restrict(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private void sweep() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(children)) {
            files = all.toList();
        }
        Map<Kin, ChildRecord> left = new LinkedHashMap<>();
        for (Path file : files) {
            read(file).ifPresent(record -> left.put(record.kin(), record));
        }
        left.keySet().removeIf(kin -> kin.living().isEmpty());
        // all at once, so that one who takes its time does not hold up the others
        left.keySet().forEach(Kin::ask);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Set<String> endless = new HashSet<>();
        left.forEach((kin, record) -> {
            LOG.info("ending {}, which an earlier node left running", record.name());
            if (!kin.end(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                LOG.error("{} cannot be ended: {}", record.name(), kin.living());
                endless.add(record.mark() + RECORD);
            }
        });
        for (Path file : files) {
            // what is still there stays written down for the next start
            if (!endless.contains(String.valueOf(file.getFileName()))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Optional<ChildRecord> read(Path file) {
        try {
            return file.toString().endsWith(RECORD) ? ChildRecord.read(Files.readString(file)) : Optional.empty();
        } catch (IOException unreadable) {
            LOG.warn("what was written down in {} cannot be read: {}", file, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Writes a child down, in the place of what was written of it before. */
    void write(ChildRecord record) throws IOException {
        Path file = children.resolve(record.mark() + RECORD);
        Path beside = children.resolve(record.mark() + ".new");
        try {
            Files.writeString(beside, record.toJson());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException refused) {
            String what = record.name() + " cannot be written down in " + children.getParent();
            throw new IOException(what + ": " + why(refused), refused);
        }
    }

    /** Nothing of this child is left. */
    void forget(String mark) throws IOException {
        Files.deleteIfExists(children.resolve(mark + RECORD));
    }

    /** Lets another node take it. */
    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }
}
