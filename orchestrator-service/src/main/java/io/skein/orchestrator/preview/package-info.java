/**
 * What each step of a version would change, before anybody approves it: asked for over the agent protocol when a version waits for
 * approval, kept with the version, shown with the plan. Depends on {@code plan} and {@code draft}.
 */
package io.skein.orchestrator.preview;
