package io.skein.frontdoor.identity;

import java.util.List;

/** Ways to sign in other than a password. Whoever offers some is a bean of this type. */
public interface SignInOption {

    /**
     * One button on the sign-in page.
     *
     * @param id stable and short
     * @param name what the button says after "Sign in with"
     * @param url where the button leads, on this origin
     */
    record Way(String id, String name, String url) {}

    List<Way> ways();
}
