package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where certificates are ordered, and for which names. */
final class AcmeReaderTest {

    private static final URI DIRECTORY = URI.create("https://acme.example.com/dir");

    private static Optional<AcmeConfig> acme(Path folder, String more) throws IOException {
        String text = "{'listeners': {'public': {'port': 8080, 'host': '127.0.0.1'}},"
                + "'pools': {'p': {'instances': {'type': 'static', 'urls': ['http://127.0.0.1:9001']}}},"
                + "'routes': [{'name': 'all', 'pool': 'p'}]" + more + "}";
        Path file = Files.writeString(folder.resolve("door.json"), text.replace('\'', '"'));
        return Configs.loaded(new ConfigReader(Map.of("KEY", "c2VjcmV0LW9mLW91cnM")).read(file))
                .acme();
    }

    @Test
    void ordersNothingWhereItIsNotThere(@TempDir Path folder) throws IOException {
        assertThat(acme(folder, "")).isEmpty();
    }

    @Test
    void needsNoMoreThanADirectory(@TempDir Path folder) throws IOException {
        assertThat(acme(folder, ", 'acme': {'directory': 'https://acme.example.com/dir'}"))
                .contains(new AcmeConfig(DIRECTORY, List.of(), Optional.empty(), Optional.empty(), List.of()));
    }

    @Test
    void takesAllOfIt(@TempDir Path folder) throws IOException {
        Path authorities = Files.writeString(folder.resolve("ca.pem"), "");
        Optional<AcmeConfig> whole = acme(
                folder,
                ", 'acme': {'directory': 'https://acme.example.com/dir',"
                        + "'contact': ['mailto:ops@example.com', 'mailto:more@example.com'], 'authorities': 'ca.pem',"
                        + "'account': {'id': 'kid-1', 'key': '${env:KEY}'},"
                        + "'domains': ['App.Example.com', 'xn--bcher-kva.example']}");

        assertThat(whole)
                .contains(new AcmeConfig(
                        DIRECTORY,
                        List.of("mailto:ops@example.com", "mailto:more@example.com"),
                        Optional.of(authorities),
                        Optional.of(new AcmeConfig.ExternalAccount("kid-1", "c2VjcmV0LW9mLW91cnM")),
                        List.of("app.example.com", "xn--bcher-kva.example")));
        assertThat(whole.orElseThrow().toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void takesOneContactWithoutAList(@TempDir Path folder) throws IOException {
        assertThat(acme(
                                folder,
                                ", 'acme': {'directory': 'https://acme.example.com/dir', 'contact': 'mailto:ops@example.com'}")
                        .orElseThrow()
                        .contacts())
                .containsExactly("mailto:ops@example.com");
    }
}
