/** Which session is this: one class per affinity source. Reads ids from requests; never logs them. */
@NullMarked
package dev.sandgate.proxy.identify;

import org.jspecify.annotations.NullMarked;
