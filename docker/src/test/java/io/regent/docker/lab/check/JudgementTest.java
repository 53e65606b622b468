package io.regent.docker.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JudgementTest {
    private final Judgement judgement = new Judgement();

    @Test
    void toHaveLookedAtNothingProvesNothing() {
        judgement.examined(Invariant.UNIQUE_KEY, 0, "claims");
        judgement.promised(Invariant.UNIQUE_KEY);

        assertThat(judgement.verdict().of(Invariant.UNIQUE_KEY).examined()).isEmpty();
        assertThat(judgement.verdict().holds()).isFalse();
    }

    @Test
    void anInvariantThatNoCheckerLooksAtIsMissedIfItWasPromised() {
        judgement.examined(Invariant.CONVERGENCE, 3, "rows");
        assertThat(judgement.verdict().holds()).isTrue();

        judgement.promised(Invariant.CONSTANT_SUM);
        assertThat(judgement.verdict().holds()).isFalse();

        judgement.examined(Invariant.CONSTANT_SUM, 2, "snapshots");
        assertThat(judgement.verdict().holds()).isTrue();
        assertThat(judgement.verdict().of(Invariant.CONSTANT_SUM).examined()).containsExactly("2 snapshots");
    }
}
