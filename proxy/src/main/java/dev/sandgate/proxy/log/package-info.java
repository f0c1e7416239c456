/** The access log: one JSON line a request, written by a thread of its own, never by an event loop. */
@NullMarked
package dev.sandgate.proxy.log;

import org.jspecify.annotations.NullMarked;
