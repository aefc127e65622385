/**
 * Tools of MCP servers as skills. Which servers there are, how they are started and which of their tools are offered is the operator's
 * configuration only; what a server says (names, schemas, results) is a stranger's text.
 */
package io.skein.runtime.mcp;
