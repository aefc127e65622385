/**
 * Plans that go on: those whose approval lapsed because something changed, and those that failed and a person resumes. What goes on is a
 * new version. Depends on {@code plan}, {@code planning} and {@code preview}.
 */
package io.skein.orchestrator.again;
