/** Why a request is refused or cut: one enum of reasons, one carrier without a stack. Knows no other chamber. */
@NullMarked
package dev.sandgate.proxy.fault;

import org.jspecify.annotations.NullMarked;
