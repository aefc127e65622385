/**
 * Plans and steps as they are kept: states and their legal transitions, rows, versions, the event stream, and the journal
 * through which every change goes (row, stream and outbox in one transaction). Knows nobody who changes them.
 */
package io.skein.orchestrator.plan;
