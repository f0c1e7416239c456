/** The engine: one request to one instance and its answer back, with back-pressure both ways. Owns every connection to an instance. On the request's event loop; connections never change loops. */
@NullMarked
package dev.sandgate.proxy.forward;

import org.jspecify.annotations.NullMarked;
