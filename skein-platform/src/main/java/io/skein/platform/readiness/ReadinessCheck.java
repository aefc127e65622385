package io.skein.platform.readiness;

import java.util.List;

/** A bean of a feature that looks at the feature's own settings. Asked once at start, before the service serves anything. */
public interface ReadinessCheck {

    /** What is unsafe as it is set now; empty when nothing is. */
    List<Finding> findings();
}
