/** Agent protocol v1: what an orchestrator and an agent say to each other. */
package io.skein.contracts.agent;
