package io.regent.replicator.stranded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Keeps one transaction after the other, and says so of each, until it is killed. */
final class SpoolProcess {
    private SpoolProcess() {}

    public static void main(String[] args) throws IOException {
        LocalSpool spool = LocalSpool.open(Path.of(args[0]));
        for (long number = Long.parseLong(args[1]); ; number++) {
            spool.write(List.of(LocalSpoolTest.transaction(number, 30_000)));
            System.out.println(number + ".");
        }
    }
}
