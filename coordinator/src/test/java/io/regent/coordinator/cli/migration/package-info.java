@NullMarked
package io.regent.coordinator.cli.migration;

import org.jspecify.annotations.NullMarked;
