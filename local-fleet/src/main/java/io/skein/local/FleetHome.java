package io.skein.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where everything lies.
 *
 * <pre>
 * .skein/dist/              programs unpacked once: PostgreSQL, Redis, RabbitMQ with its Erlang
 * .skein/ansible/           the Ansible environment
 * .skein/&lt;profile&gt;/         one set of servers and their data: "local" is what up starts, "test" what tests use
 *     run/ logs/ postgres/ redis/ rabbitmq/ secrets.properties ports.properties
 * </pre>
 *
 * @param repository root of the source tree
 * @param shared {@code .skein} in it, or SKEIN_HOME: what several fleets of this tree share
 * @param state where the profiles are: the same folder unless {@code --home} names another
 */
public record FleetHome(Path repository, Path shared, Path state) {
    public FleetHome {
        repository = repository.toAbsolutePath().normalize();
        shared = shared.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
    }

    public Path dist() {
        return shared.resolve("dist");
    }

    public Path ansible() {
        return shared.resolve("ansible");
    }

    public Profile profile(String name) {
        return new Profile(name, state.resolve(name));
    }

    /** One set of servers with its data, ports and secrets. */
    public record Profile(String name, Path directory) {
        public Path run() {
            return ensure(directory.resolve("run"));
        }

        public Path logs() {
            return ensure(directory.resolve("logs"));
        }

        public Path data(String server) {
            return ensure(directory.resolve(server));
        }

        public PropertyFile secrets() {
            return new PropertyFile(directory.resolve("secrets.properties"));
        }

        public PropertyFile ports() {
            return new PropertyFile(directory.resolve("ports.properties"));
        }

        private static Path ensure(Path directory) {
            try {
                return Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
