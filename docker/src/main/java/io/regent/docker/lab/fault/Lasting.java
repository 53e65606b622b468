package io.regent.docker.lab.fault;

import java.util.Collection;

/** A fault that lasts until it is closed. */
public interface Lasting extends AutoCloseable {
    /** Takes it back; what was killed runs again, and a server among it answers. */
    @Override
    void close();

    /**
     * Takes all of them back, whichever fails.
     *
     * @throws RuntimeException the first failure, which has the others with it
     */
    static void closeAll(Collection<? extends Lasting> all) {
        RuntimeException first = null;
        for (Lasting one : all) {
            try {
                one.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
