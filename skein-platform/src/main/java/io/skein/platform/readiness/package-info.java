/**
 * Refuses to start with unsafe settings in production. Each feature contributes {@link
 * io.skein.platform.readiness.ReadinessCheck}s for what it reads; this package asks them all, once, before anything is served.
 */
package io.skein.platform.readiness;
