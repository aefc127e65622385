package io.skein.platform.auth;

/**
 * What a caller may see of things that belong to a team and, some of them, to a person of it. The one rule: one's own, and what
 * nobody in particular owns, of one's own team; those who approve see their whole team; services see all.
 *
 * <p>As SQL: {@code (:team IS NULL OR team = :team) AND (:person IS NULL OR owner IS NULL OR owner = :person)}.
 *
 * @param team the one team, or null for every team
 * @param person the one person of it whose things are seen besides those that are nobody's, or null for everybody's
 */
public record Visibility(String team, String person) {

    /** Everything of everybody. */
    public static final Visibility ALL = new Visibility(null, null);

    /** Everything of a team; of every team when it is null. */
    public static Visibility ofTeam(String team) {
        return new Visibility(team, null);
    }

    /**
     * @param ownerTeam the team a thing belongs to
     * @param owner the person it belongs to, or null when it is the whole team's
     */
    public boolean covers(String ownerTeam, String owner) {
        return (team == null || team.equals(ownerTeam)) && (person == null || owner == null || person.equals(owner));
    }
}
