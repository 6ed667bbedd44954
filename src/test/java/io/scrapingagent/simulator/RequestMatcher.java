package io.scrapingagent.simulator;

import java.util.function.Predicate;

/** Says which requests a {@link Misbehaviour} is for. */
public interface RequestMatcher extends Predicate<ReceivedRequest> {

    /** Every request. */
    static RequestMatcher any() {
        return request -> true;
    }

    /** Requests for this cluster, alone or among others. */
    static RequestMatcher cluster(String id) {
        return request -> request.clusters().contains(id);
    }

    /** Requests for this cluster alone. */
    static RequestMatcher onlyCluster(String id) {
        return request -> id.equals(request.cluster());
    }

    /** Requests for more than so many clusters. */
    static RequestMatcher moreClustersThan(int count) {
        return request -> request.clusters().size() > count;
    }

    /** Requests for one metric, by its full name. */
    static RequestMatcher metric(String name) {
        return request -> name.equals(request.metric());
    }

    /** Requests that carry no page token. */
    static RequestMatcher firstPage() {
        return request -> request.pageToken() == null;
    }

    /** Requests that carry a page token. */
    static RequestMatcher laterPage() {
        return request -> request.pageToken() != null;
    }

    /** Requests that both this and the other matcher match. */
    default RequestMatcher and(RequestMatcher other) {
        return request -> test(request) && other.test(request);
    }
}
