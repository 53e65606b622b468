@NullMarked
package io.regent.coordinator.probe;

import org.jspecify.annotations.NullMarked;
