package io.scrapingagent.simulator;

import java.util.ArrayList;
import java.util.List;

/** Every request so far with what was answered; written by the event loop, read by tests. */
final class RequestLog {

    private final List<Entry> entries = new ArrayList<>();

    synchronized Entry add(ReceivedRequest request) {
        Entry entry = new Entry(request);
        entries.add(entry);
        return entry;
    }

    synchronized List<ReceivedRequest> requests() {
        return entries.stream().map(Entry::request).toList();
    }

    synchronized void forget() {
        entries.clear();
    }

    /** One request, whose status becomes known later. */
    static final class Entry {

        private volatile ReceivedRequest request;

        private Entry(ReceivedRequest request) {
            this.request = request;
        }

        ReceivedRequest request() {
            return request;
        }

        void answered(int status) {
            request = request.withStatus(status);
        }
    }
}
