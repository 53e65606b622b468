package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.failover.diagnosis.Heard;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which coordinators answer, and when that is said. */
@Timeout(20)
class OtherCoordinatorsTest {
    private static final ServerAddress ANYWHERE = ServerAddress.parse("127.0.0.1:1");

    private final Map<String, Boolean> zookeeper = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked =
            Map.of("aws1", new AtomicInteger(), "aws2", new AtomicInteger(), "hung", new AtomicInteger());
    private final List<Heard> board = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean speaks = true;
    private volatile boolean written = true;
    private final AtomicLong nanos = new AtomicLong();

    private OtherCoordinators of(String... regions) {
        Map<String, ServerAddress> others = new ConcurrentHashMap<>();
        List.of(regions).forEach(region -> others.put(region, ANYWHERE));
        return new OtherCoordinators("phx1", others, this::answer, () -> speaks, this::write, nanos::get);
    }

    private boolean answer(String region, ServerAddress address) throws IOException {
        Objects.requireNonNull(asked.get(region)).incrementAndGet();
        if (region.equals("hung")) {
            try {
                assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Boolean known = zookeeper.get(region);
        if (known == null) {
            throw new IOException("Connection refused");
        }
        return known;
    }

    private boolean write(Heard heard) {
        board.add(heard);
        return written;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void turn(OtherCoordinators others, String... heard) {
        int[] before = List.of(heard).stream()
                .mapToInt(region -> Objects.requireNonNull(asked.get(region)).get())
                .toArray();
        await().until(() -> {
            others.turn();
            for (int i = 0; i < heard.length; i++) {
                if (Objects.requireNonNull(asked.get(heard[i])).get() <= before[i] + 1) {
                    return false;
                }
            }
            return true;
        });
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    void whoAnswersIsToldFromWhoAnswersWithoutZooKeeperAndFromWhoDoesNot() {
        zookeeper.put("aws1", true);
        OtherCoordinators others = of("aws1", "aws2");
        assertThat(others.heard()).as("nobody was asked").isEqualTo(Heard.NOBODY);
        turn(others, "aws1", "aws2");
        assertThat(others.heard())
                .as("aws2 was only just asked")
                .isEqualTo(new Heard(List.of("aws1"), List.of(), List.of()));
        zookeeper.put("aws1", false);
        pass(OtherCoordinators.SILENT);
        turn(others, "aws1", "aws2");
        assertThat(others.heard()).isEqualTo(new Heard(List.of(), List.of("aws1"), List.of("aws2")));
    }

    @Test
    void oneThatDoesNotAnswerOnceIsNotSilentYet() {
        zookeeper.put("aws1", true);
        OtherCoordinators others = of("aws1");
        turn(others, "aws1");
        zookeeper.remove("aws1");
        pass(OtherCoordinators.SILENT.minusNanos(1));
        turn(others, "aws1");
        assertThat(others.heard().answering()).containsExactly("aws1");
        pass(Duration.ofNanos(1));
        assertThat(others.heard().silent()).containsExactly("aws1");
    }

    @Test
    void oneThatHangsKeepsNobodyFromTheOthersAndIsAskedOnceAtATime() {
        zookeeper.put("aws1", true);
        OtherCoordinators others = of("aws1", "hung");
        turn(others, "aws1");
        pass(OtherCoordinators.SILENT);
        turn(others, "aws1");
        assertThat(others.heard()).isEqualTo(new Heard(List.of("aws1"), List.of(), List.of("hung")));
        assertThat(Objects.requireNonNull(asked.get("hung"))).hasValue(1);
    }

    @Test
    void itIsSaidWhenItChangesAndAgainWhereItCouldNotBeWritten() {
        zookeeper.put("aws1", true);
        OtherCoordinators others = of("aws1");
        turn(others, "aws1");
        await().until(() -> {
            others.turn();
            return !board.isEmpty() && board.get(board.size() - 1).answering().contains("aws1");
        });
        int said = board.size();
        others.turn();
        assertThat(board).as("nothing changed").hasSize(said);
        speaks = false;
        others.turn();
        assertThat(board).as("another one speaks").hasSize(said);
        speaks = true;
        written = false;
        others.turn();
        others.turn();
        assertThat(board).as("another one may have said something else").hasSize(said + 2);
    }
}
