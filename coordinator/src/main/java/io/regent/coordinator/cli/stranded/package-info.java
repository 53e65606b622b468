/** The command {@code stranded}: what a lost master had that history does not. */
@NullMarked
package io.regent.coordinator.cli.stranded;

import org.jspecify.annotations.NullMarked;
