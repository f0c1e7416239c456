/** All policies by their kind in the config: records go in, policies come out, one for each name. */
@NullMarked
package dev.sandgate.policies.catalog;

import org.jspecify.annotations.NullMarked;
