package io.regent.sql.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread of one process of the machine do something at a time. */
final class FileMutex {
    // A file lock belongs to the whole JVM, so its threads need one more.
    private static final ReentrantLock THREADS = new ReentrantLock();

    private FileMutex() {}

    interface Work {
        void run() throws IOException;
    }

    static void hold(Path file, Work work) throws IOException {
        THREADS.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("lost the lock on " + file);
            }
            work.run();
        } finally {
            THREADS.unlock();
        }
    }
}
