/** The command {@code leave}: from a cluster to native replication. It must not name a master, and knows nothing of {@code adopt}. */
@NullMarked
package io.regent.coordinator.cli.migration.leave;

import org.jspecify.annotations.NullMarked;
