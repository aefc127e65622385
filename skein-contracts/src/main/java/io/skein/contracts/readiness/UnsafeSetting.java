package io.skein.contracts.readiness;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every setting a process refuses to start with in production: the stable {@code id} an operator accepts it by, what is unsafe
 * about it, and how to mend it. "Away" is any address but this machine's own. {@code docs/hardening.md} is checked against this
 * list.
 */
public enum UnsafeSetting {
    /** The front door listens away, nothing ends TLS. */
    FRONTDOOR_PLAIN_HTTP(
            "frontdoor-plain-http",
            "The front door listens to other machines without TLS: passwords and tokens can be read on the way",
            "Set SKEIN_TLS_CERTIFICATE and SKEIN_TLS_KEY, or SKEIN_FRONTDOOR_BEHIND_PROXY=true behind a load balancer that ends TLS,"
                    + " or listen on 127.0.0.1"),
    /** A service behind the front door listens away without TLS. */
    SERVICE_PLAIN_HTTP(
            "service-plain-http",
            "A service listens to other machines without TLS: tokens can be read on the way",
            "Set SKEIN_TLS_CERTIFICATE and SKEIN_TLS_KEY, or listen on 127.0.0.1"),
    /** A call to another service leaves the machine in the clear. */
    UPSTREAM_PLAIN_HTTP(
            "upstream-plain-http",
            "Another service is called over plain HTTP: tokens and answers can be read and changed on the way",
            "Give the service TLS and name it by https:// (with SKEIN_TLS_TRUST for a CA of your own)"),
    /** The keys that tokens are checked with are fetched in the clear. */
    FRONTDOOR_URL_PLAIN_HTTP(
            "frontdoor-url-plain-http",
            "The keys that tokens are checked with come over plain HTTP: who can change them on the way can be anybody",
            "Give the front door TLS and set SKEIN_FRONTDOOR_URL to https:// (with SKEIN_TLS_TRUST for a CA of your own)"),
    /** {@code amqp://} to another machine. */
    BROKER_PLAIN(
            "broker-plain",
            "RabbitMQ is reached without TLS: its password and every order can be read and changed on the way",
            "Give RabbitMQ a TLS listener and set SKEIN_RABBITMQ_URI to amqps://"),
    /** {@code guest} and its like. */
    BROKER_PASSWORD(
            "broker-password",
            "RabbitMQ's password is a well-known one or the user's name",
            "Give each service a broker user of its own with a random password"),
    /** Messages are believed whoever sent them. */
    SENDER_CHECK_OFF(
            "sender-check-off",
            "Messages are believed whoever sent them: whoever may publish can pretend to be any agent",
            "Remove SKEIN_MESSAGING_SENDER_CHECK, and give each process a broker user of its own"),
    /** No TLS to a PostgreSQL on another machine. */
    POSTGRES_PLAIN(
            "postgres-plain",
            "PostgreSQL is reached without TLS: all data can be read and changed on the way",
            "Add sslmode=verify-full to SKEIN_POSTGRES_URL (with SKEIN_TLS_TRUST for a CA of your own)"),
    /** TLS to whoever answers. */
    POSTGRES_UNVERIFIED(
            "postgres-unverified",
            "PostgreSQL is reached over TLS, but whether it is the right one is not checked",
            "Use sslmode=verify-full in SKEIN_POSTGRES_URL (with SKEIN_TLS_TRUST for a CA of your own)"),
    /** {@code postgres} and its like. */
    POSTGRES_PASSWORD(
            "postgres-password",
            "PostgreSQL's password is a well-known one or the role's name",
            "Give each role a random password and set SKEIN_POSTGRES_PASSWORD"),
    /** {@code redis://} to another machine. */
    REDIS_PLAIN(
            "redis-plain",
            "Redis is reached without TLS: its password and what it counts can be read and changed on the way",
            "Give Redis TLS and set SKEIN_REDIS_URL to rediss://"),
    /** Anybody who reaches Redis may change it. */
    REDIS_PASSWORD(
            "redis-password",
            "Redis asks for no password, or for a well-known one: whoever reaches it can reset every limit",
            "Set requirepass (or a user) in Redis and put it into SKEIN_REDIS_URL"),
    /** A certificate is not looked at. */
    TLS_TRUST_ALL(
            "tls-trust-all",
            "A TLS client accepts any certificate: that is no better than plain text",
            "Remove the trust-all setting and name your CA by SKEIN_TLS_TRUST"),
    /** What a service proves itself with can be guessed. */
    SERVICE_SECRET(
            "service-secret",
            "A service's secret is short or well known: whoever guesses it acts as that service",
            "Set SKEIN_SERVICE_SECRET, and its pair in SKEIN_FRONTDOOR_SERVICE_SECRETS, to the result of: openssl rand -hex 24"),
    /** What encrypts the signing key can be guessed. */
    KEY_SECRET(
            "key-secret",
            "The secret that encrypts the signing key is well known: whoever reads the database can sign tokens",
            "Set SKEIN_FRONTDOOR_KEY_SECRET to the result of: openssl rand -hex 32"),
    /** What encrypts the webhooks' secrets can be guessed. */
    WEBHOOK_KEY_SECRET(
            "webhook-key-secret",
            "The secret that encrypts the webhooks' secrets is well known: whoever reads the database can sign deliveries",
            "Set SKEIN_RUNTIME_KEY_SECRET to the result of: openssl rand -hex 32"),
    /** Anybody may make an account. */
    OPEN_REGISTRATION(
            "open-registration",
            "Whoever reaches the front door can make an account",
            "Set SKEIN_FRONTDOOR_REGISTRATION=closed, and let an administrator make the accounts"),
    /** The identity provider is asked in the clear. */
    OIDC_PLAIN_HTTP(
            "oidc-plain-http",
            "The OpenID Connect provider is reached over plain HTTP: who can change it on the way can be anybody",
            "Set SKEIN_OIDC_ISSUER to the provider's https:// address"),
    /** The language model is asked in the clear. */
    MODEL_PLAIN_HTTP(
            "model-plain-http",
            "A language model is reached over plain HTTP: its key and what it is asked can be read and changed on the way",
            "Set SKEIN_RUNTIME_MODEL_URL and SKEIN_LLM_<PROVIDER>_URL to https:// addresses, or run the model on this machine"),
    /** Hashes that are tried out fast. */
    BCRYPT_COST(
            "bcrypt-cost",
            "Password hashes are cheap to try out once the database is stolen",
            "Set SKEIN_FRONTDOOR_BCRYPT_COST to 10 or more; 12 is the default"),
    /** The cookie that renews a sign-in travels in the clear. */
    COOKIES_NEVER_SECURE(
            "cookies-never-secure",
            "The cookie that renews a sign-in is also sent over plain HTTP",
            "Set SKEIN_FRONTDOOR_SECURE_COOKIES to auto or always"),
    /** A token that outlives its use. */
    TOKEN_LIFETIME(
            "token-lifetime",
            "Access tokens are good for more than half an hour: so is a stolen one",
            "Set SKEIN_FRONTDOOR_TOKEN_LIFETIME to 30m or less; 10m is the default"),
    /** Every web page may call the API. */
    CORS_ANY_ORIGIN(
            "cors-any-origin",
            "Web pages of any origin may call the API from their visitors' browsers",
            "Name the origins you trust, one by one");

    private final String id;
    private final String what;
    private final String remedy;

    UnsafeSetting(String id, String what, String remedy) {
        this.id = id;
        this.what = what;
        this.remedy = remedy;
    }

    /** What {@code SKEIN_ACCEPT_UNSAFE} takes. */
    public String id() {
        return id;
    }

    /** What is unsafe about it; no full stop, the finding follows. */
    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }

    public static Optional<UnsafeSetting> find(String id) {
        return Arrays.stream(values()).filter(setting -> setting.id.equals(id)).findFirst();
    }
}
