package dev.sandgate.conf;

import dev.sandgate.conf.AcmeConfig.ExternalAccount;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code acme}: where certificates are ordered, and for which names. */
final class AcmeReader {

    static final int MOST_DOMAINS = 10_000;

    private static final String EXPECTED = "an object with directory and domains";
    private static final String EXPECTED_DIRECTORY = "the https URL of an authority's ACME directory";
    private static final String EXPECTED_ACCOUNT = "an object with id and key";
    private static final Pattern IN_DNS = Pattern.compile("[a-z0-9.-]*\\.[a-z0-9-]*[a-z][a-z0-9-]*");

    static final Shape<AcmeConfig> ACME =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(AcmeReader::acme));

    private static final Shape<URI> DIRECTORY = Shape.of(EXPECTED_DIRECTORY, AcmeReader::directory);
    private static final Shape<String> CONTACT = Scalars.text(
            "an address such as \"mailto:ops@example.com\"",
            Pattern.compile("mailto:[!-~&&[^,?@]]{1,64}@[a-zA-Z0-9.-]{1,253}"));
    private static final Shape<List<String>> CONTACTS = Shape.of(CONTACT.expected(), AcmeReader::contacts);
    private static final Shape<Path> AUTHORITIES =
            FilePaths.readable("a PEM file with who vouches for the directory's server");
    private static final Shape<ExternalAccount> ACCOUNT =
            Shape.of(EXPECTED_ACCOUNT, value -> value.section(EXPECTED_ACCOUNT).flatMap(AcmeReader::account));
    private static final Shape<String> ID = CallerShapes.line("an id, as the authority gave it,");
    private static final Shape<String> KEY =
            Scalars.text("a key, as the authority gave it in base64url", Pattern.compile("[A-Za-z0-9_-]{16,1024}=*"));
    private static final Shape<String> DOMAIN =
            Shape.of("a full host name such as \"app.example.com\"", AcmeReader::domain);

    private AcmeReader() {}

    private static Optional<AcmeConfig> acme(Section section) {
        Optional<URI> directory = section.need("directory", DIRECTORY);
        List<String> contacts = section.find("contact", CONTACTS).orElse(List.of());
        Optional<Path> authorities = section.find("authorities", AUTHORITIES);
        Optional<ExternalAccount> account = section.find("account", ACCOUNT);
        List<String> domains = section.find("domains", Lists.of("host names", DOMAIN, 0, MOST_DOMAINS))
                .orElse(List.of());
        section.end();
        return directory.map(where -> new AcmeConfig(where, contacts, authorities, account, domains));
    }

    private static Optional<URI> directory(Value value) {
        Optional<String> text = value.text(EXPECTED_DIRECTORY);
        if (text.isPresent() && text.get().regionMatches(true, 0, "http:", 0, 5)) {
            return value.refuse(EXPECTED_DIRECTORY, "; ACME is spoken over https only");
        }
        return text.flatMap(url -> SecureUrls.read(value, url, EXPECTED_DIRECTORY));
    }

    /** One, or a list of them. */
    private static Optional<List<String>> contacts(Value value) {
        return value.node() instanceof Node.Items
                ? Lists.of("addresses", CONTACT, 1, 16).read(value)
                : CONTACT.read(value).map(List::of);
    }

    private static Optional<ExternalAccount> account(Section section) {
        Optional<String> id = section.need("id", ID);
        Optional<String> key = section.need("key", KEY);
        section.end();
        return id.flatMap(name -> key.map(hidden -> new ExternalAccount(name, hidden)));
    }

    private static Optional<String> domain(Value value) {
        Optional<String> text = value.text(DOMAIN.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().contains("*")) {
            return value.refuse(
                    DOMAIN.expected(),
                    "; HTTP-01 proves one name at a time, so a wildcard needs a certificate of yours");
        }
        Optional<String> name = Addresses.host(text.get());
        if (name.isEmpty()) {
            return value.refuse(DOMAIN.expected(), RouteShapes.hostHint(text.get()));
        }
        return IN_DNS.matcher(name.get()).matches()
                ? name
                : value.refuse(DOMAIN.expected(), "; an authority asks public DNS for it");
    }
}
