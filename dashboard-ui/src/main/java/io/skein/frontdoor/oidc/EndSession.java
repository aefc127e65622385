package io.skein.frontdoor.oidc;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The address at which a provider signs somebody out (OpenID Connect RP-Initiated Logout). */
final class EndSession {

    private EndSession() {}

    /**
     * @param idToken whose session it is; empty: the provider asks
     */
    static URI of(URI endpoint, String clientId, String idToken, URI back) {
        StringBuilder address = new StringBuilder(endpoint.toString())
                .append(endpoint.getRawQuery() == null ? '?' : '&')
                .append("client_id=")
                .append(encoded(clientId))
                .append("&post_logout_redirect_uri=")
                .append(encoded(back.toString()));
        if (!idToken.isEmpty()) {
            address.append("&id_token_hint=").append(encoded(idToken));
        }
        return URI.create(address.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
