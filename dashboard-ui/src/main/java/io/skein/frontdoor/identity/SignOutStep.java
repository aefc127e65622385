package io.skein.frontdoor.identity;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** What is left to do after a sign-out. Whoever has something is a bean of this type. */
public interface SignOutStep {

    /** A page on this origin the browser should go to next. */
    Optional<String> after(HttpServerRequest request);
}
