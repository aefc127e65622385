/** What a plan has cost, and what carrying it out is expected to cost. */
package io.skein.orchestrator.cost;
