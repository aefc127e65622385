/** Which other origins' pages may use the API. Depends on no other feature. */
package io.skein.frontdoor.cors;
