package io.skein.orchestrator.task;

import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads tasks for whoever may see them: each their own, those who approve their team's, services all. */
@ApplicationScoped
public class TaskReader {

    private static final String WHAT = "such task";

    @Inject
    Jdbi jdbi;

    @Inject
    TaskRepository tasks;

    @Inject
    Caller caller;

    /** @throws ProblemException not_found when it is not there or not for the caller to see */
    public Task task(Handle handle, String id) {
        return task(handle, id, caller.visibility());
    }

    /** The same for somebody who does something: a service acts for an agent, and an agent only in its team. */
    public Task task(Handle handle, String id, Requester requester) {
        return task(handle, id, caller.isService() ? Visibility.ofTeam(requester.team()) : caller.visibility());
    }

    private Task task(Handle handle, String id, Visibility visibility) {
        return tasks.find(handle, id(id))
                .filter(task -> visibility.covers(task.team(), task.owner()))
                .orElseThrow(() -> ProblemException.notFound(WHAT));
    }

    static UUID id(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(WHAT);
        }
    }

    Page<Task> list(TaskQuery query) {
        List<Task> found = jdbi.withHandle(handle -> tasks.list(handle, caller.visibility(), query));
        return Page.of(found, query.size(), query::cursorOf);
    }

    Page<Task> parts(String id, Integer size, String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Task> found = jdbi.withHandle(handle -> {
            Task parent = task(handle, id);
            return parent.kind() == Task.Kind.STEP ? List.<Task>of() : tasks.parts(handle, parent, cursor, limit + 1);
        });
        return Page.of(found, limit, part -> part.id().toString());
    }
}
