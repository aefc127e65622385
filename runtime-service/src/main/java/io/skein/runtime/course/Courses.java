package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;

/** Which course an agent's tasks take: that of a model when there is one for it, else its rules. */
@ApplicationScoped
public class Courses {

    private final RuleCourse rules;
    private final List<Course> others;

    @Inject
    Courses(RuleCourse rules, @Any Instance<Course> all) {
        this.rules = rules;
        this.others =
                all.stream().filter(course -> !(course instanceof RuleCourse)).toList();
    }

    public Course of(JsonNode definition) {
        return others.stream()
                .filter(course -> course.canTake(definition))
                .findFirst()
                .orElse(rules);
    }
}
