package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HandoffTest {
    private final Handoff<Integer> jobs = new Handoff<>(2);
    private final List<Thread> workers = new ArrayList<>();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void end() throws InterruptedException {
        gate.countDown();
        jobs.stop();
        for (Thread worker : workers) {
            worker.join();
        }
    }

    @Test
    void oneAtATimeIsDoneByOneWorker() throws Exception {
        gate.countDown();
        work(8);
        for (int i = 0; i < 200; i++) {
            assertThat(jobs.put(i)).isTrue();
            int all = i + 1;
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> done.size() == all && restful() == 8);
        }
        assertThat(used).hasSize(1);
    }

    @Test
    void jobsBeginInOrderAndNoMoreWaitThanMay() throws Exception {
        work(1);
        for (int i = 0; i < 3; i++) {
            assertThat(jobs.put(i)).isTrue(); // one is being done, two wait
        }
        Thread fourth = new Thread(() -> put(3));
        fourth.start();
        fourth.join(50);
        assertThat(fourth.isAlive()).isTrue();
        gate.countDown();
        fourth.join();
        Awaitility.await().until(() -> done.size() == 4);
        assertThat(done).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aStopEndsWhoWaitsAtEitherEnd() throws Exception {
        Thread resting = worker();
        resting.start();
        Handoff<Integer> full = new Handoff<>(0);
        CountDownLatch refused = new CountDownLatch(1);
        Thread putting = new Thread(() -> {
            try {
                if (!full.put(1)) {
                    refused.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        putting.start();
        jobs.stop();
        full.stop();
        resting.join();
        assertThat(refused.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(jobs.put(1)).isFalse();
        assertThat(jobs.take()).isNull();
    }

    private int restful() {
        return (int) workers.stream()
                .filter(worker -> worker.getState() == Thread.State.WAITING)
                .count();
    }

    private void work(int number) {
        for (int i = 0; i < number; i++) {
            Thread worker = worker();
            workers.add(worker);
            worker.start();
        }
        Awaitility.await().until(() -> restful() == number);
    }

    private Thread worker() {
        return new Thread(() -> {
            try {
                for (Integer job = jobs.take(); job != null; job = jobs.take()) {
                    gate.await();
                    used.add(Thread.currentThread().getName());
                    done.add(job);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void put(int job) {
        try {
            jobs.put(job);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
