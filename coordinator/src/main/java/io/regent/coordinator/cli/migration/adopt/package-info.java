/** The command {@code adopt}: from native replication to a cluster. It must not begin links. */
@NullMarked
package io.regent.coordinator.cli.migration.adopt;

import org.jspecify.annotations.NullMarked;
