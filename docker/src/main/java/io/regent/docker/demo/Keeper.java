package io.regent.docker.demo;

import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.play.PlayDirectory;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.step.Stage;
import io.regent.sql.session.Account;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The process that a kept cluster hangs on. It runs the demo for the command that started it, tells it the exit code,
 * and then keeps the cluster until it is told to end (SIGTERM).
 *
 * <p>Until the demo is over it ends with that command: then the end of its standard input tells.
 */
final class Keeper {
    /** Begins the line that tells the exit code. */
    static final String EXIT = "\u0001exit ";

    private final PlaySettings settings;
    private final Terminal terminal;
    private volatile boolean over;

    Keeper(PlaySettings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    /** Runs the demo; returns only if there is nothing to keep. */
    int run() throws IOException {
        watchParent();
        try (PlayDirectory taken = PlayDirectory.take(settings.directory());
                Stage stage = new Stage(settings, terminal)) {
            int code = Demo.whole(settings, terminal).run(stage);
            if (!stage.hasFleet()) {
                terminal.say("logs are in " + taken.path());
                terminal.headline(EXIT + code);
                return code;
            }
            stage.endLoad();
            tellHowToTalk(stage.fleet());
            over = true;
            terminal.headline(EXIT + code);
            // Whoever reads what the demo prints waits for its end.
            System.out.close();
            new CountDownLatch(1).await();
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void tellHowToTalk(Fleet fleet) {
        Account account = fleet.settings().application();
        terminal.headline("The cluster goes on running.");
        fleet.nodes()
                .forEach(node -> terminal.say(
                        "mysql -h127.0.0.1 -P" + node.mysql().address().port() + " -u" + account.user() + " -p"
                                + account.password() + " " + fleet.settings().cluster() + "   # " + node.name()));
        terminal.say("dbctl status --config " + fleet.settings().configFile());
        Path place = settings.directory();
        String where = place.equals(PlayDirectory.usual("demo").toAbsolutePath().normalize()) ? "" : " --dir " + place;
        terminal.say("dbctl demo --where" + where + "   # accounts and ports as JSON");
        terminal.say("dbctl demo --stop" + where);
    }

    private void watchParent() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // It never says anything; what counts is the end.
                        }
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    if (!over) {
                        Runtime.getRuntime().exit(1);
                    }
                },
                "parent");
        watcher.setDaemon(true);
        watcher.start();
    }
}
