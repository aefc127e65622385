/** Takes a plain-language request, checks it, has it planned, and keeps request, session, plan and events in one transaction. */
package io.skein.orchestrator.request;
