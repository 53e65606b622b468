package io.regent.coordinator.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * The name that was probably meant by a word, if one is close: at most every third letter wrong, missing, too much
     * or swapped with its neighbour, at least one allowed.
     */
    public static Optional<String> closest(String word, Collection<String> names) {
        String lower = word.toLowerCase(Locale.ROOT);
        int tolerated = Math.max(1, word.length() / 3);
        return names.stream()
                .filter(name -> distance(lower, name) <= tolerated)
                .min(Comparator.<String>comparingInt(name -> distance(lower, name))
                        .thenComparingInt(name -> Math.abs(name.length() - word.length())));
    }

    /** {@code did you mean 'x'?}, or the list of names if none is close. */
    public static String sentence(String word, Collection<String> names) {
        return closest(word, names)
                .map(name -> "did you mean '" + name + "'?")
                .orElse("known here: " + String.join(", ", names));
    }

    /** Optimal string alignment distance. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, i, j, d);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int i, int j, int[][] d) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
