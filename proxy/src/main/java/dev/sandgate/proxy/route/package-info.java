/** Which route is this: host, path, header. Immutable tables, built once from a config, no allocation per match. */
@NullMarked
package dev.sandgate.proxy.route;

import org.jspecify.annotations.NullMarked;
