package io.scrapingagent.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What was agreed for coming requests; told by tests, asked by the event loop. */
final class Misbehaviours {

    private final List<Rule> rules = new ArrayList<>();

    synchronized void add(RequestMatcher matcher, int times, Misbehaviour misbehaviour) {
        rules.add(new Rule(matcher, times, misbehaviour));
    }

    synchronized void forget() {
        rules.clear();
    }

    /** The first rule that matches and is not used up counts; it is used up by one. */
    synchronized Optional<Misbehaviour> next(ReceivedRequest request) {
        for (Iterator<Rule> all = rules.iterator(); all.hasNext(); ) {
            Rule rule = all.next();
            if (rule.matcher.test(request)) {
                rule.left--;
                if (rule.left == 0) {
                    all.remove();
                }
                return Optional.of(rule.misbehaviour);
            }
        }
        return Optional.empty();
    }

    private static final class Rule {

        private final RequestMatcher matcher;
        private final Misbehaviour misbehaviour;
        private long left;

        private Rule(RequestMatcher matcher, long times, Misbehaviour misbehaviour) {
            this.matcher = matcher;
            this.left = times;
            this.misbehaviour = misbehaviour;
        }
    }
}
