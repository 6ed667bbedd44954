package io.scrapingagent.scrape;

import io.scrapingagent.api.Window;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/**
 * The windows of one hour of a query that are still to be fetched. It grows while they are: by the
 * halves of a batch that was refused, and by clusters that have to be asked alone. Used by one
 * thread at a time.
 */
public final class OpenWindows {

    private final Deque<Window> windows;
    private Window refused;
    private boolean culprit;

    OpenWindows(Collection<Window> windows) {
        this.windows = new ArrayDeque<>(windows);
    }

    /** Tells whether there is another window to fetch. */
    public boolean isLeft() {
        return !windows.isEmpty();
    }

    /** Returns the next window, which is fetched now. */
    public Window getNext() {
        return windows.remove();
    }

    /** Adds windows. */
    void add(Collection<Window> more) {
        windows.addAll(more);
    }

    /** Adds the halves of a batch that was refused. */
    void refused(Window window) {
        if (refused == null) {
            refused = window;
        }
        add(window.halves());
    }

    /** A cluster that was asked alone was the reason for a refusal. */
    void culpritFound() {
        culprit = true;
    }

    /**
     * Returns the batch that was refused though each of its clusters was answered, once that is
     * known: it was too large.
     */
    Optional<Window> sizeWithoutCulprit() {
        return windows.isEmpty() && !culprit ? Optional.ofNullable(refused) : Optional.empty();
    }
}
