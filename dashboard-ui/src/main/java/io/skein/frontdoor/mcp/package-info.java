/**
 * Skein as an MCP server: a model may ask for plans and read what came of them. Each tool is one call of the public API with the
 * token of whoever connected, so nobody sees or may do more here than there, and there is no tool that decides about a plan.
 * Depends on {@code proxy} for where the services are and on {@code limits}.
 */
package io.skein.frontdoor.mcp;
