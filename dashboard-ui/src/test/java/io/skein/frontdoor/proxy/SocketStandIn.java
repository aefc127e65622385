package io.skein.frontdoor.proxy;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A runtime service with WebSockets. What it saw is left in system properties: test and server live in different class loaders.
 */
public class SocketStandIn implements QuarkusTestResourceLifecycleManager {

    /** The code the last connection to {@code /runtime/echo} was closed with. */
    static final String CLOSED_WITH = "skein.test.socket-closed-with";

    /** How many bytes {@code /runtime/flood} could write so far. */
    static final String WRITTEN = "skein.test.socket-written";

    static final int FLOOD_MIB = 256;

    /** Quarkus switches the WebSockets of Vert.x off for its class loader's whole life when the first application starts. */
    private static final String SWITCH = "vertx.disableWebsockets";

    private URLClassLoader loader;
    private Object server;

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Map<String, String> start() {
        String before = System.clearProperty(SWITCH);
        try {
            List<URL> urls = new ArrayList<>();
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(part).toUri().toURL());
            }
            loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            server = loader.loadClass(SocketServer.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            Object port = server.getClass().getMethod("start").invoke(server);
            return Map.of("SKEIN_RUNTIME_URL", "http://127.0.0.1:" + port);
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        } finally {
            if (before != null) {
                System.setProperty(SWITCH, before);
            }
        }
    }

    @Override
    public void stop() {
        try {
            server.getClass().getMethod("stop").invoke(server);
            loader.close();
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
