package io.scrapingagent.simulator;

import io.vertx.core.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A principal or a topic, with its part of a point ready to be written.
 *
 * @param name the label's value; of several labels their values, joined by a colon
 * @param json the labels as JSON fields, {@code "metric.topic":"topic-0001"}
 * @param bits what distinguishes it from other groups
 */
record Group(String name, String json, long bits) {

    /** Real names are dull; these are what a client must survive, the empty one above all. */
    private static final List<String> ODD_PRINCIPALS =
            List.of("", "Zoë \"Ops\" Müller", "データ チーム \\ 🚀");

    private static final int SUFFIXES = 36 * 36 * 36 * 36;

    /** What a query without a label has in place of groups. */
    static final Group ALL = new Group("", "", 0);

    private static final int PARTITIONS = 3;

    static Group of(Label label, String name) {
        return new Group(name, json(label.texts().get(0), name), Mix.of(name));
    }

    /** The partitions of topics. */
    static List<Group> partitions(List<Group> topics) {
        return topics.stream()
                .flatMap(
                        topic ->
                                IntStream.range(0, PARTITIONS)
                                        .mapToObj(Integer::toString)
                                        .map(partition -> topic.and("metric.partition", partition)))
                .toList();
    }

    private Group and(String label, String value) {
        String both = name + ":" + value;
        return new Group(both, json + "," + json(label, value), Mix.of(both));
    }

    private static String json(String label, String value) {
        return Json.encode(label) + ":" + Json.encode(value);
    }

    /** The first is an ordinary principal, the next three are odd ones, all others ordinary. */
    static List<Group> principals(int count) {
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean odd = i >= 1 && i <= ODD_PRINCIPALS.size();
            names.add(odd ? ODD_PRINCIPALS.get(i - 1) : principal(i));
        }
        return sorted(Label.PRINCIPAL_ID, names);
    }

    static List<Group> topics(int count) {
        List<String> names = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            names.add(String.format(Locale.ROOT, "topic-%04d", i));
        }
        return sorted(Label.TOPIC, names);
    }

    private static String principal(int i) {
        // multiplying by a number that shares no factor with 36 visits every suffix once
        int suffix = (int) ((i + 1) * 1_234_577L % SUFFIXES);
        String ending = Integer.toString(SUFFIXES + suffix, 36).substring(1);
        int series = i / SUFFIXES;
        return (i % 3 == 0 ? "sa-" : "u-") + ending + Integer.toString(36 + series, 36);
    }

    private static List<Group> sorted(Label label, List<String> names) {
        return names.stream()
                .sorted(Comparator.naturalOrder())
                .map(name -> of(label, name))
                .toList();
    }
}
