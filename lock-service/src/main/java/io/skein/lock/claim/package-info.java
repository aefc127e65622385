/** What somebody wants to lock, checked before anything else looks at it. Depends on nothing but the platform's problems. */
package io.skein.lock.claim;
