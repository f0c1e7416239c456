/** What the door promises its users, feature by feature, shown on a real door with real sockets. */
@NullMarked
package dev.sandgate.proxy.features;

import org.jspecify.annotations.NullMarked;
