/** What the tests of the table share: a clock that is set by hand, seeds that can be replayed, pools and instances. */
@NullMarked
package dev.sandgate.affinity.kit;

import org.jspecify.annotations.NullMarked;
