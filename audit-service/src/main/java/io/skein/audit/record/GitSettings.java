package io.skein.audit.record;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/** Git settings of the machine and of whoever runs this process count for nothing here, and are not written. */
@ApplicationScoped
class GitSettings {

    void isolate(@Observes @Priority(1) StartupEvent event) {
        SystemReader machine = SystemReader.getInstance();
        if (!(machine instanceof Isolated)) {
            SystemReader.setInstance(new Isolated(machine));
        }
    }

    private static final class Isolated extends SystemReader.Delegate {

        Isolated(SystemReader machine) {
            super(machine);
        }

        @Override
        public FileBasedConfig openSystemConfig(Config parent, FS fs) {
            return new Empty(parent, fs);
        }

        @Override
        public FileBasedConfig openUserConfig(Config parent, FS fs) {
            Empty settings = new Empty(parent, fs);
            // What is committed must survive a power cut. Not in the repository's own file: git itself warns about
            // these names.
            settings.setBoolean("core", null, "fsyncObjectFiles", true);
            settings.setBoolean("core", null, "fsyncRefFiles", true);
            return settings;
        }

        @Override
        public FileBasedConfig openJGitConfig(Config parent, FS fs) {
            return new Empty(parent, fs);
        }
    }

    private static final class Empty extends FileBasedConfig {

        Empty(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
