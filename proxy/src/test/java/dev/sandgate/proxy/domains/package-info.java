/** Many names on one door: who is shown which certificate, and who is sent away. */
@NullMarked
package dev.sandgate.proxy.domains;

import org.jspecify.annotations.NullMarked;
