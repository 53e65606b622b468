@NullMarked
package io.regent.coordinator.daemon;

import org.jspecify.annotations.NullMarked;
