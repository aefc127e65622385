package io.skein.infra.catalogue;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Which files with which content a digest stands for, in the table {@code content}. When somebody changed a file after an approval, a
 * digest alone would not say which.
 */
@ApplicationScoped
public class ContentFiles {

    /**
     * @param files digest of each file by its name in the repository
     */
    public void keep(Handle tx, String sha256, SortedMap<String, String> files) {
        tx.execute(
                "INSERT INTO content (sha256, files) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
                sha256,
                JsonColumn.jsonb(files));
    }

    public boolean isKept(Handle handle, String sha256) {
        return find(handle, sha256).isPresent();
    }

    private static Optional<Map<String, String>> find(Handle handle, String sha256) {
        return handle.createQuery("SELECT files FROM content WHERE sha256 = ?")
                .bind(0, sha256)
                .map((row, context) -> JsonColumn.read(row, "files", new TypeReference<Map<String, String>>() {}))
                .findOne();
    }

    /** The files that are not as they were when the digest was taken; empty when nobody remembers that. */
    public List<String> changed(Handle handle, String sha256, SortedMap<String, String> now) {
        return find(handle, sha256)
                .map(before -> {
                    List<String> changed = new ArrayList<>();
                    TreeSet<String> names = new TreeSet<>(before.keySet());
                    names.addAll(now.keySet());
                    for (String name : names) {
                        String old = before.get(name);
                        String current = now.get(name);
                        if (current == null) {
                            changed.add(name + " (gone)");
                        } else if (old == null) {
                            changed.add(name + " (new)");
                        } else if (!old.equals(current)) {
                            changed.add(name);
                        }
                    }
                    return changed;
                })
                .orElse(List.of());
    }
}
