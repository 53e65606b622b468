package io.regent.docker.lab.fleet;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The product's classes on a class path, in jars or folders.
 *
 * @param sums name of each class file, from the package on, to its CRC32
 */
record ClassSums(Map<String, Long> sums) {
    private static final String OURS = "io/regent/";
    private static final String CLASS = ".class";

    /** @throws FleetException if they cannot be read */
    static ClassSums of(String classPath) {
        Map<String, Long> sums = new HashMap<>();
        try {
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    addFolder(path, sums);
                } else if (Files.isRegularFile(path) && entry.endsWith(".jar")) {
                    addJar(path, sums);
                }
            }
        } catch (IOException e) {
            throw new FleetException("cannot compare versions: " + e.getMessage(), e);
        }
        return new ClassSums(Map.copyOf(sums));
    }

    private static void addFolder(Path folder, Map<String, Long> sums) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
                if (isOurs(name)) {
                    CRC32 sum = new CRC32();
                    sum.update(Files.readAllBytes(file));
                    sums.putIfAbsent(name, sum.getValue());
                }
            }
        }
    }

    private static void addJar(Path jar, Map<String, Long> sums) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Enumeration<JarEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                if (isOurs(entry.getName())) {
                    sums.putIfAbsent(entry.getName(), entry.getCrc());
                }
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith(OURS) && name.endsWith(CLASS);
    }

    /** Whether each of those is among these, and the same. */
    boolean containsAll(ClassSums others) {
        return sums.entrySet().containsAll(others.sums.entrySet());
    }
}
