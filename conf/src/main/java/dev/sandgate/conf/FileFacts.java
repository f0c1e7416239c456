package dev.sandgate.conf;

/**
 * What one part of a file must know of the others. Where one of these could not be read, that was told, and everything
 * fits.
 *
 * @param proxiesNamed whether a listener trusts a proxy
 * @param certificatesAsked whether a listener asks clients for certificates
 * @param alone whether no other node may share the table
 * @param manyNodes whether the table may have other nodes beside this one
 */
record FileFacts(boolean proxiesNamed, boolean certificatesAsked, boolean alone, boolean manyNodes) {}
