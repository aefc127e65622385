package io.skein.frontdoor.oidc;

import java.net.URI;
import java.net.URISyntaxException;

/** Where somebody is led after the sign-in: a page of this web app and nowhere else. */
final class ReturnPath {

    static final String HOME = "/";
    private static final int LONGEST = 1024;

    private ReturnPath() {}

    /** The path if it is one of ours, else the start page. */
    static String of(String wanted) {
        return isOwn(wanted) ? wanted : HOME;
    }

    private static boolean isOwn(String wanted) {
        // Browsers read a backslash as a slash, and drop tabs and line ends before they look.
        if (wanted == null
                || wanted.length() > LONGEST
                || !wanted.startsWith("/")
                || wanted.startsWith("//")
                || wanted.startsWith("/api/")
                || wanted.indexOf('\\') >= 0
                || wanted.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            return false;
        }
        try {
            URI uri = new URI(wanted);
            return uri.getScheme() == null
                    && uri.getRawAuthority() == null
                    && !uri.getRawPath().contains("//")
                    && !uri.getRawPath().contains("/.");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
