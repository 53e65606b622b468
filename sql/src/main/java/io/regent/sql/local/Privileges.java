package io.regent.sql.local;

import java.util.List;

/** mysqld refuses to run as root unless told so. */
final class Privileges {
    private Privileges() {}

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static List<String> mysqldOptions() {
        return isRoot() ? List.of("--user=root") : List.of();
    }
}
