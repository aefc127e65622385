package io.skein.orchestrator.planning;

/** Somebody who may read words no rule reads. It can say what a person could say with {@link Edit}, and less. */
public interface ChangeAdviser {

    /**
     * What the words mean.
     *
     * @param edit empty when they mean nothing that can be done
     * @param reader who read it
     * @param reason why that one, or why nobody did
     */
    record Reading(Edit edit, String reader, String reason) {

        public static Reading nothing(String reason) {
            return new Reading(new Edit(null, null), Advice.EMBEDDED, reason);
        }
    }

    Reading read(UnreadWords unread);
}
