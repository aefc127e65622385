/** Slows down guessing: counts attempts in Redis, or in this process while Redis is away. Depends on no other feature. */
package io.skein.frontdoor.throttle;
