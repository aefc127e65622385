package io.skein.e2e.locks;

/** Something locks protect. It takes a write only with the newest fencing token it has seen, or a newer one. */
final class FencedThing {

    private final String resource;
    private final History history;
    private final boolean checks;
    private long newest;

    /** @param checks false plants the bug this is about: whoever comes may write */
    FencedThing(String resource, History history, boolean checks) {
        this.resource = resource;
        this.history = history;
        this.checks = checks;
    }

    /** Whether the write was taken. */
    synchronized boolean write(int client, long token) {
        if (checks && token < newest) {
            return false;
        }
        newest = Math.max(newest, token);
        history.add(new History.Write(resource, client, token));
        return true;
    }
}
