/**
 * May this request pass: what a route asks of a request before it is forwarded. A view of the request enters, a
 * verdict leaves. Knows nothing of HTTP types. Called on the request's event loop.
 */
@NullMarked
package dev.sandgate.policies;

import org.jspecify.annotations.NullMarked;
