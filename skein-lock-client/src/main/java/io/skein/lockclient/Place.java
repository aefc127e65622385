package io.skein.lockclient;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * A place in the queue, or what it has become.
 *
 * @param id the lock will have the same
 * @param position 1 is served next; null once granted
 * @param lock null while waiting
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Place(String id, String status, Integer position, List<String> resourceIds, String ownerId, Lock lock) {}
