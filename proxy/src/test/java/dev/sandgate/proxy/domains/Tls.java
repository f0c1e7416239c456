package dev.sandgate.proxy.domains;

import dev.sandgate.conf.TlsConfig;
import dev.sandgate.conf.TlsConfig.ClientCertificates;
import dev.sandgate.conf.TlsConfig.KeyFiles;
import dev.sandgate.conf.TlsConfig.Version;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What listeners of these tests say of TLS. */
final class Tls {

    private Tls() {}

    /** A door that bears with clients on a busy machine. */
    static DoorPlan patient(RecordingInstance instance) {
        return DoorPlan.to(instance).waits(Await.PATIENCE, Await.PATIENCE);
    }

    /** Certificates from this folder, and none for other names. */
    static TlsConfig folder(Path folder) {
        return new TlsConfig(Optional.empty(), List.of(), Optional.of(folder), Version.TLS_1_2, Optional.empty());
    }

    /** This one for whoever comes, and further ones from the folder. */
    static TlsConfig usual(Path folder, Signed usual) {
        return new TlsConfig(
                Optional.of(files(folder, usual)), List.of(), Optional.of(folder), Version.TLS_1_2, Optional.empty());
    }

    /** This one for whoever comes with a certificate of these authorities. */
    static TlsConfig clients(Path folder, Signed usual, ClientCertificates clients) {
        return new TlsConfig(
                Optional.of(files(folder, usual)), List.of(), Optional.empty(), Version.TLS_1_2, Optional.of(clients));
    }

    /** Beside the folder, not in it. */
    static KeyFiles files(Path folder, Signed usual) {
        Path beside = folder.resolve("beside");
        if (!beside.toFile().isDirectory() && !beside.toFile().mkdir()) {
            throw new AssertionError("no folder at " + beside);
        }
        usual.write(beside, "usual");
        return new KeyFiles.Pem(beside.resolve("usual.pem"), beside.resolve("usual.key"));
    }
}
