package dev.sandgate.conf;

import java.nio.file.Path;

/**
 * A certificate and its key, both PEM files. Relative paths were resolved against the config file's folder.
 *
 * @param certificate the chain, leaf first
 * @param key PKCS#8, not encrypted
 */
public record TlsConfig(Path certificate, Path key) {}
