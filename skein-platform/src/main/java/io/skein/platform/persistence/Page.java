package io.skein.platform.persistence;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.platform.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * One page of a list, by keyset: {@code next} is what to send as {@code after} to get the following page, absent on the last.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, String next) {

    public static final int DEFAULT_SIZE = 50;
    public static final int MAX_SIZE = 200;

    /**
     * @param sizePlusOne what a query with {@code LIMIT size + 1} returned: the extra row tells that there is a next page
     * @param cursor the key of a row, as the query compares it
     */
    public static <T> Page<T> of(List<T> sizePlusOne, int size, Function<T, String> cursor) {
        if (sizePlusOne.size() <= size) {
            return new Page<>(sizePlusOne, null);
        }
        List<T> items = sizePlusOne.subList(0, size);
        return new Page<>(List.copyOf(items), cursor.apply(items.get(size - 1)));
    }

    /**
     * The {@code size} query parameter, 1..200, default 50.
     *
     * @throws ProblemException validation_failed when out of range
     */
    public static int size(Integer requested) {
        if (requested == null) {
            return DEFAULT_SIZE;
        }
        if (requested < 1 || requested > MAX_SIZE) {
            throw ProblemException.invalid("size", "must be 1.." + MAX_SIZE);
        }
        return requested;
    }

    /**
     * The {@code after} query parameter where the cursor is an id.
     *
     * @throws ProblemException validation_failed when it is no id
     */
    public static UUID afterId(String after) {
        if (after == null || after.isEmpty()) {
            return null;
        }
        try {
            return UUID.fromString(after);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
    }
}
