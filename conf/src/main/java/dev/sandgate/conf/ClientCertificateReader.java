package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.NamedBy;
import java.util.Map;
import java.util.Optional;

/** Reads the authenticator {@code clientCertificate}. */
final class ClientCertificateReader {

    private static final String EXPECTED = "an object with subject, the part of a certificate that names the caller";
    private static final Shape<NamedBy> SUBJECT = Scalars.oneOf(Map.of(
            "commonName", NamedBy.COMMON_NAME,
            "dnsName", NamedBy.DNS_NAME,
            "uri", NamedBy.URI,
            "email", NamedBy.EMAIL));

    private final FileFacts file;

    ClientCertificateReader(FileFacts file) {
        this.file = file;
    }

    Shape<ClientCertificate> clientCertificate() {
        return Shape.of(EXPECTED, this::read);
    }

    private Optional<ClientCertificate> read(Value value) {
        Optional<Section> section = value.section(EXPECTED);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        NamedBy subject = section.get().find("subject", SUBJECT).orElse(NamedBy.COMMON_NAME);
        section.get().end();
        return file.certificatesAsked()
                ? Optional.of(new ClientCertificate(subject))
                : value.refuse("a listener with tls.clients; nobody else is asked for a certificate");
    }
}
