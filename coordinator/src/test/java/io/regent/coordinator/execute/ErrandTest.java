package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ErrandTest {
    @Test
    void aTurnThatBreaksIsFollowedByTheNext() {
        AtomicInteger turns = new AtomicInteger();
        try (Errand errand = new Errand("test", Duration.ofMillis(1), () -> {
            switch (turns.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("played by a test");
                case 2 -> throw new OutOfMemoryError("played by a test");
                default -> {}
            }
        })) {
            errand.start();
            await().atMost(Duration.ofSeconds(10)).until(() -> turns.get() > 5);
        }
    }

    @Test
    void afterItsEndNoTurnBegins() {
        AtomicInteger turns = new AtomicInteger();
        Errand errand = new Errand("test", Duration.ofMillis(1), turns::incrementAndGet);
        errand.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> turns.get() > 0);
        errand.close();
        assertThat(errand.isClosed()).isTrue();
        int then = turns.get();
        await().during(Duration.ofMillis(50)).atMost(Duration.ofSeconds(5)).until(() -> turns.get() == then);
    }
}
