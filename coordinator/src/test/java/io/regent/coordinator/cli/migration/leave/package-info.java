@NullMarked
package io.regent.coordinator.cli.migration.leave;

import org.jspecify.annotations.NullMarked;
