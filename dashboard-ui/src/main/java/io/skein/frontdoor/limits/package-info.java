/**
 * How many requests a person, an address and everybody together may make. Counted in Redis, so that it makes no difference how
 * many front doors there are. Depends on no other feature; the API gate asks it before a request goes on.
 */
package io.skein.frontdoor.limits;
