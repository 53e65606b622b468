package io.regent.docker.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.sql.session.ServerAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterFinderTest {
    private static final Master PHX1 = new Master("phx1", new ServerAddress("127.0.0.1", 3306), 1);
    private static final Master AWS1 = new Master("aws1", new ServerAddress("127.0.0.1", 3307), 2);

    @Test
    void whoIsSaidToBeNextIsAskedMostAndTheOthersNowAndThen() throws Exception {
        try (FakeCoordinators coordinators = new FakeCoordinators(List.of("phx1", "aws1"))) {
            MasterFinder finder = new MasterFinder(coordinators.addresses());
            coordinators.name(AWS1);
            assertThat(finder.findAnew()).contains(AWS1);
            coordinators.name(PHX1);
            assertThat(finder.findAnew()).contains(PHX1);
            finder.forget(PHX1);

            coordinators.expect("aws1");
            int before = coordinators.asked("phx1");
            int next = coordinators.asked("aws1");
            long began = System.nanoTime();
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        assertThat(finder.find()).isEmpty();
                        return coordinators.asked("aws1") - next >= 30;
                    });
            long most = Duration.ofNanos(System.nanoTime() - began).toMillis() / 50 + 2;
            assertThat((long) coordinators.asked("phx1") - before).isBetween(2L, most);

            coordinators.name(PHX1);
            await().atMost(Duration.ofSeconds(10)).until(() -> finder.find().isPresent());
            assertThat(finder.find()).as("who was told wrong").contains(PHX1);
        }
    }
}
