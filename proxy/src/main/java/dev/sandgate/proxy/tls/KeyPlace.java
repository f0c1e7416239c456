package dev.sandgate.proxy.tls;

import dev.sandgate.conf.TlsConfig.KeyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files that hold a certificate and its key, together. Blocking.
 *
 * @param paths the certificate's first
 */
record KeyPlace(List<Path> paths, Contents contents) {

    /** How they are read. */
    @FunctionalInterface
    interface Contents {
        List<CertifiedKey> read() throws FlawedKey;
    }

    private static final List<String> PEM = List.of(".pem", ".crt");
    private static final List<String> PKCS12 = List.of(".p12", ".pfx");

    static KeyPlace of(KeyFiles files) {
        List<Path> paths = files instanceof KeyFiles.Pem pem
                ? List.of(pem.certificate(), pem.key())
                : List.of(((KeyFiles.Pkcs12) files).file());
        return new KeyPlace(paths, () -> KeyReader.read(files));
    }

    /**
     * Those in a folder, by their certificates' names: a PEM chain beside {@code NAME.key} or with its key inside, a
     * PKCS#12 file whose password, if it has one, is the first line of {@code NAME.password}. A name that begins with a
     * dot is not looked at.
     */
    static Map<Path, KeyPlace> in(Path folder) throws IOException {
        Map<Path, KeyPlace> places = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                int dot = name.lastIndexOf('.');
                if (dot > 0 && name.charAt(0) != '.') {
                    String stem = name.substring(0, dot);
                    if (PEM.contains(name.substring(dot))) {
                        places.put(file, pem(file, file.resolveSibling(stem + ".key")));
                    } else if (PKCS12.contains(name.substring(dot))) {
                        places.put(file, pkcs12(file, file.resolveSibling(stem + ".password")));
                    }
                }
            }
        }
        return places;
    }

    private static KeyPlace pem(Path certificate, Path key) {
        return new KeyPlace(
                List.of(certificate, key),
                () -> KeyReader.read(new KeyFiles.Pem(certificate, Files.exists(key) ? key : certificate)));
    }

    private static KeyPlace pkcs12(Path file, Path password) {
        return new KeyPlace(
                List.of(file, password), () -> KeyReader.read(new KeyFiles.Pkcs12(file, firstLine(password))));
    }

    private static String firstLine(Path password) throws FlawedKey {
        try {
            return Files.exists(password)
                    ? Files.readString(password, StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse("")
                    : "";
        } catch (IOException unreadable) {
            throw new FlawedKey(password.toString(), "cannot be read");
        }
    }

    /** What changes where one of them is written: equal as long as none is. */
    List<Object> stamp() {
        List<Object> stamp = new ArrayList<>();
        for (Path path : paths) {
            try {
                BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
                stamp.add(facts.lastModifiedTime());
                stamp.add(facts.size());
                stamp.add(String.valueOf(facts.fileKey()));
            } catch (IOException missing) {
                stamp.add("");
            }
        }
        return stamp;
    }

    @Override
    public String toString() {
        return paths.get(0).toString();
    }
}
