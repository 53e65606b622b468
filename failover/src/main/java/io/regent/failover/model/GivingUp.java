package io.regent.failover.model;

import org.jspecify.annotations.Nullable;

/**
 * How far a holder has come in giving its epoch up.
 *
 * @param closing id of the plan for which the holder closes its MySQL; while it stands no coordinator of the region
 *     renews or opens
 * @param released whether this epoch's holder gave it up with nobody named instead
 * @param priorReleased whether the holder of the epoch before gave that one up
 */
public record GivingUp(@Nullable String closing, boolean released, boolean priorReleased) {}
