/** Creating calls that come twice make one thing. */
package io.skein.orchestrator.repeat;
