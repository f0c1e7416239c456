/**
 * Who calls, and may they: the policies {@code authenticate} and {@code authorize}. Credentials enter, a principal or a
 * refusal leaves. Keys are read from elsewhere, beside the requests; a credential that is known is checked without I/O.
 */
@NullMarked
package dev.sandgate.policies.auth;

import org.jspecify.annotations.NullMarked;
