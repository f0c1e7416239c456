/** As whom this node speaks TLS: certificates by name, got from files, from operators and from an authority. */
@NullMarked
package dev.sandgate.proxy.tls;

import org.jspecify.annotations.NullMarked;
