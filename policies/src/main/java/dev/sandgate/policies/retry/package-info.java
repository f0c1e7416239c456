/** How many failed requests may be sent once more, so that repeating does not become a load of its own. Any thread. */
@NullMarked
package dev.sandgate.policies.retry;

import org.jspecify.annotations.NullMarked;
