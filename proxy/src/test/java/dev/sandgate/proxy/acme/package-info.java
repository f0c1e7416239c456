/** Certificates from an authority: what needs none, and what a real one says. */
@NullMarked
package dev.sandgate.proxy.acme;

import org.jspecify.annotations.NullMarked;
