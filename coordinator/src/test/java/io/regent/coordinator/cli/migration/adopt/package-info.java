@NullMarked
package io.regent.coordinator.cli.migration.adopt;

import org.jspecify.annotations.NullMarked;
