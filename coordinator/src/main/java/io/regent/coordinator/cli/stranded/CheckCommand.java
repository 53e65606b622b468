package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.replicator.stranded.certify.Component;
import io.regent.sql.session.MysqlErrors;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "check",
        description = {
            "Judges which stranded transactions may be written anew without harm. Those that share a key of a row, or a"
                    + " parent, stand or fall together; they are clean if nothing that the master executed since has"
                    + " written their rows or their parents, or come to refer to their rows. Foreign keys alone tell who refers to"
                    + " whom: a reference that only the application knows is not looked at.",
            "It reads the master's binlog since they were written, and changes nothing but the reasons that 'list' and"
                    + " 'show' give."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all that is held may be released, or nothing is held",
            "1:some must be held; why is printed",
            "2:wrong use, an error in the file, or the master could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = "  dbctl stranded check")
final class CheckCommand implements Callable<Integer> {
    private final Cli cli;

    CheckCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        return MasterReleases.of(cli.config()).judging(releases -> {
            List<Component> components = releases.check();
            print(components);
            try {
                releases.tell();
            } catch (SQLException e) {
                cli.err().println("'list' and 'show' do not get these reasons: " + MysqlErrors.line(e));
            }
            return components.stream().allMatch(Component::isClean) ? 0 : 1;
        });
    }

    private void print(List<Component> components) {
        if (cli.json()) {
            cli.printJson(components.stream().map(CheckCommand::json).toList());
        } else if (components.isEmpty()) {
            cli.out().println("nothing is held");
        } else {
            components.forEach(component -> line(cli, component));
        }
    }

    static void line(Cli cli, Component component) {
        cli.out()
                .println(component.reason().map(why -> "held: " + why).orElse("clean")
                        + component.members().stream()
                                .map(gtid -> System.lineSeparator() + "  " + gtid)
                                .reduce("", String::concat));
    }

    private static Map<String, @Nullable Object> json(Component component) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("members", component.members().stream().map(Object::toString).toList());
        all.put("clean", component.isClean());
        all.put("reason", component.reason().orElse(null));
        return all;
    }
}
