/** The operator's listener: liveness and readiness. Reads all, changes nothing on the data path. */
@NullMarked
package dev.sandgate.proxy.admin;

import org.jspecify.annotations.NullMarked;
