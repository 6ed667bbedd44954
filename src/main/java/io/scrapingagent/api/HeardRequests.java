package io.scrapingagent.api;

import java.io.IOException;
import java.util.List;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** Tells listeners of each request, whatever comes of it. */
final class HeardRequests implements ExecChainHandler {

    private final List<RequestListener> listeners;

    HeardRequests(List<RequestListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        listeners.forEach(RequestListener::sent);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            listeners.forEach(it -> it.answered(response));
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            listeners.forEach(RequestListener::unanswered);
            throw e;
        }
    }
}
