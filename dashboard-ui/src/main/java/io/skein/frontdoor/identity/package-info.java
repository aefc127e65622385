/**
 * Who people are: accounts, passwords, sign-in, refresh and sign-out. Depends on {@code tokens} to sign what it grants and on
 * {@code throttle}.
 */
package io.skein.frontdoor.identity;
