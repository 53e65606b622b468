package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.execute.Neighbours.Told;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Master;
import io.regent.failover.model.Origin;
import io.regent.failover.model.Policy;
import io.regent.failover.model.Znode;
import io.regent.failover.view.Recorded;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the neighbours recorded keeps a region from opening by a ZooKeeper that was set back. */
@Timeout(20)
class NeighboursTest {
    private static final UUID AWS1 = new UUID(0, 1);

    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked =
            Map.of("aws1", new AtomicInteger(), "aws2", new AtomicInteger(), "hung", new AtomicInteger());
    private final CountDownLatch released = new CountDownLatch(1);
    private final SortedMap<Long, Ended> history = new TreeMap<>();
    private volatile long session = 1;
    private volatile @Nullable ClusterState cluster = at(6, "phx1");

    private final Neighbours neighbours =
            new Neighbours("phx1", List.of("aws1", "aws2"), this::answer, () -> session, () -> cluster);

    @AfterEach
    void release() {
        released.countDown();
    }

    private Told answer(String region) throws SQLException {
        Objects.requireNonNull(asked.get(region)).incrementAndGet();
        Told known = told.get(region);
        if (region.equals("hung")) {
            try {
                assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (known == null) {
            throw new SQLException("connection refused");
        }
        return known;
    }

    private void recorded(String region, long epoch, String master) {
        told.put(region, new Told(AWS1, new Recorded(epoch, master, null, 0, 0)));
    }

    private ClusterState at(long epoch, String region) {
        Master first = Master.first(region, GtidSet.EMPTY, "test");
        Master master = new Master(epoch, region, first.givingUp(), GtidSet.EMPTY, 0, "test");
        return new ClusterState(
                new Znode<>(master, 1),
                List.of(),
                history,
                Map.of(),
                List.of(),
                List.of(new Origin(AWS1, "aws1", 1)),
                Policy.UNSAID);
    }

    @Test
    void whoRecordedANewerEpochContradicts() {
        recorded("aws1", 6, "phx1");
        recorded("aws2", 7, "aws1");
        assertThat(neighbours.against(6))
                .contains("aws2 (server " + AWS1 + ") recorded epoch 7: ZooKeeper was set back (a restored copy?)");
        assertThat(neighbours.against(7)).as("under a newer one").isEmpty();
    }

    @Test
    void aNeighbourThatWasBootingWhenItWasAskedFirstIsAskedAgain() throws Exception {
        recorded("aws2", 6, "phx1");
        neighbours.turn();
        assertThat(neighbours.against(6)).isEmpty();
        recorded("aws1", 7, "aws1");
        assertThat(neighbours.against(6)).as("it is waited for once").isEmpty();
        assertThat(neighbours.knownAgainst(6)).isEmpty();
        neighbours.turn();
        assertThat(neighbours.against(6)).isPresent();
        assertThat(neighbours.knownAgainst(6)).as("of who opened meanwhile").isPresent();
        neighbours.turn();
        assertThat(asked.get("aws1")).hasValue(2);
        assertThat(asked.get("aws2")).as("it has answered").hasValue(1);
    }

    @Test
    void whatWasSeenBeforeZookeeperWasSetBackIsNotComparedWith() throws Exception {
        recorded("aws1", 7, "aws1");
        cluster = at(7, "aws1");
        session = 2;
        neighbours.turn();
        assertThat(neighbours.against(5)).as("the new session").isPresent();
    }

    @Test
    void whatWasAnsweredInAnotherSessionIsAskedAnew() throws Exception {
        recorded("aws1", 6, "phx1");
        neighbours.turn();
        assertThat(neighbours.against(6)).isEmpty();
        recorded("aws1", 7, "aws1");
        assertThat(neighbours.against(6)).as("ZooKeeper has gone on").isEmpty();
        session = 2;
        assertThat(neighbours.against(6)).isPresent();
    }

    @Test
    void theSameEpochOfAnotherRegionContradicts() {
        recorded("aws1", 7, "aws1");
        cluster = at(7, "phx1");
        assertThat(neighbours.against(7))
                .hasValueSatisfying(why -> assertThat(why).contains("epoch 7 of aws1"));
        cluster = at(7, "aws1");
        assertThat(neighbours.against(7)).isEmpty();
    }

    @Test
    void anOlderEpochThatZookeeperGaveToAnotherRegionContradicts() {
        recorded("aws1", 7, "aws1");
        history.put(7L, new Ended(7, "phx1", null, true, false, "", ""));
        cluster = at(8, "phx1");
        assertThat(neighbours.against(8))
                .hasValueSatisfying(why -> assertThat(why).contains("epoch 7 of aws1"));
        history.put(7L, new Ended(7, "aws1", null, true, false, "", ""));
        cluster = at(8, "phx1");
        assertThat(neighbours.against(8)).isEmpty();
    }

    @Test
    void nobodyWhoIsOpenClosesForAServerThatZookeeperDoesNotKnowAsTheRegions() throws Exception {
        recorded("aws2", 7, "aws1");
        neighbours.turn();
        assertThat(neighbours.against(6)).isPresent();
        assertThat(neighbours.knownAgainst(6)).isEmpty();
    }

    @Test
    void anErrorThatNobodyExpectedIsOneThatIsSilent() {
        Neighbours broken = new Neighbours(
                "phx1",
                List.of("aws1", "aws2"),
                region -> {
                    if (region.equals("aws1")) {
                        throw new IllegalArgumentException("a broken address");
                    }
                    return answer(region);
                },
                () -> session,
                () -> cluster);
        assertThat(broken.against(6)).isEmpty();
        recorded("aws2", 7, "aws1");
        session = 2;
        assertThat(broken.against(6)).isPresent();
    }

    @Test
    void whoHangsIsWaitedForOnceInASessionAndForAMomentAndAskedOnce() throws Exception {
        Neighbours slow = new Neighbours("phx1", List.of("hung"), this::answer, () -> session, () -> cluster);
        recorded("hung", 7, "aws1");
        long began = System.nanoTime();
        assertThat(slow.against(6)).isEmpty();
        long first = System.nanoTime();
        assertThat(slow.against(6)).isEmpty();
        long second = System.nanoTime();
        assertThat(Duration.ofNanos(first - began)).isBetween(Neighbours.ANSWER, Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(second - first)).isLessThan(Neighbours.ANSWER);
        slow.turn();
        assertThat(asked.get("hung")).as("one question is under way").hasValue(1);
        released.countDown();
        slow.turn();
        assertThat(slow.against(6)).as("a late answer is one").isPresent();
    }

    /** It is asked in one session, hangs, is asked again in the next and answers: then the first answer comes. */
    @Test
    void aLateAnswerOfAnOlderSessionDoesNotReplaceTheNewerOne() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        Neighbours one = new Neighbours(
                "phx1",
                List.of("aws1"),
                region -> {
                    if (questions.incrementAndGet() > 1) {
                        return new Told(AWS1, new Recorded(7, "aws1", null, 0, 0));
                    }
                    try {
                        assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new Told(AWS1, new Recorded(6, "phx1", null, 0, 0));
                },
                () -> session,
                () -> cluster);
        one.turn();
        session = 2;
        assertThat(one.against(6)).isPresent();
        late.countDown();
        await().until(() -> noThreadIsNamed("neighbour-aws1"));
        assertThat(one.against(6)).as("the newer answer stands").isPresent();
        assertThat(one.knownAgainst(6)).isPresent();
        assertThat(questions).hasValue(2);
    }

    private static boolean noThreadIsNamed(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(name));
    }
}
