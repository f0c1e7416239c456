/** Who tells whether a door kept its promises: by what answers say, and by what the sandboxes wrote down. */
@NullMarked
package dev.sandgate.bench.truth;

import org.jspecify.annotations.NullMarked;
