/** What splits and mirrors of routes do, through the real door. */
@NullMarked
package dev.sandgate.proxy.splits;

import org.jspecify.annotations.NullMarked;
