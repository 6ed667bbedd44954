package io.scrapingagent.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The one setting that counts for each name. */
final class ChosenSettings {

    private final Map<String, KafkaSetting> chosen = new LinkedHashMap<>();
    private final Findings findings;

    ChosenSettings(Findings findings) {
        this.findings = findings;
    }

    /** Takes a setting unless one that wins over it is there; winners have to come first. */
    void offer(KafkaSetting setting) {
        KafkaSetting winner = chosen.putIfAbsent(setting.name(), setting);
        if (winner != null
                && winner.samePrecedence(setting)
                && !winner.value().equals(setting.value())) {
            findings.problem(
                    winner.label()
                            + " and "
                            + setting.label()
                            + " set the same to different values: set one");
        }
    }

    /** Sets what follows from a setting. */
    void put(KafkaSetting setting) {
        chosen.put(setting.name(), setting);
    }

    Optional<KafkaSetting> get(String name) {
        return Optional.ofNullable(chosen.get(name));
    }

    Optional<String> value(String name) {
        return get(name).map(KafkaSetting::value);
    }

    Optional<KafkaSetting> remove(String name) {
        return Optional.ofNullable(chosen.remove(name));
    }

    /** Removes settings, each with a warning. */
    void ignore(String reason, String... names) {
        for (String name : names) {
            remove(name).ifPresent(it -> findings.warning(it.label() + ": ignored, " + reason));
        }
    }

    /**
     * Of two ways to say the same, keeps the one that was given in the stronger layer.
     *
     * @return whether it is the first
     */
    boolean prefer(List<String> first, List<String> second) {
        Optional<KafkaSetting> one = strongest(first);
        Optional<KafkaSetting> other = strongest(second);
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent();
        }
        if (one.get().layer() == other.get().layer()) {
            findings.problem(
                    one.get().label()
                            + " and "
                            + other.get().label()
                            + " exclude each other: set one");
        }
        boolean firstWins = other.get().isHiddenBy(one.get());
        (firstWins ? second : first).forEach(chosen::remove);
        return firstWins;
    }

    Collection<KafkaSetting> all() {
        return List.copyOf(chosen.values());
    }

    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        chosen.values().forEach(setting -> values.put(setting.name(), setting.value()));
        return values;
    }

    private Optional<KafkaSetting> strongest(List<String> names) {
        return names.stream()
                .flatMap(name -> get(name).stream())
                .min((a, b) -> Integer.compare(a.layer(), b.layer()));
    }
}
