package io.regent.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChunkPaceTest {
    private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SLOW = TimeUnit.SECONDS.toNanos(5);

    @Test
    void rangesGrowWhileTheyAreQuickAndNeverBeyondWhatWasAskedFor() {
        ChunkPace pace = new ChunkPace(3500);
        assertThat(pace.rows()).isEqualTo(1000);
        pace.took(QUICK);
        assertThat(pace.rows()).isEqualTo(2000);
        pace.took(QUICK);
        pace.took(QUICK);
        assertThat(pace.rows()).isEqualTo(3500);
        assertThat(new ChunkPace(7).rows()).isEqualTo(7);
    }

    @Test
    void aRangeThatTookTooLongIsFollowedByAShorterOne() {
        ChunkPace pace = new ChunkPace(3500);
        pace.took(SLOW);
        assertThat(pace.rows()).isEqualTo(100);
        pace.took(SLOW);
        pace.took(SLOW);
        assertThat(pace.rows()).isEqualTo(20);
        ChunkPace small = new ChunkPace(7);
        small.took(SLOW);
        assertThat(small.rows()).isEqualTo(7);
    }
}
