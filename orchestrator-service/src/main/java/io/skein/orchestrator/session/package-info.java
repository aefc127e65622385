/** Conversations: who asked what, and what came of it. Each person sees their own. */
package io.skein.orchestrator.session;
