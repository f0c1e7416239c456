/** The client's side: connections counted and timed from accept on, requests checked before anything is acquired for them. Netty and Vert.x events enter, a checked {@code Inbound} leaves. On the connection's event loop. */
@NullMarked
package dev.sandgate.proxy.inbound;

import org.jspecify.annotations.NullMarked;
