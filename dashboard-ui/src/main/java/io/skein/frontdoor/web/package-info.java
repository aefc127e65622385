/** The web app's files, and the headers that keep a browser safe. Depends on no other feature. */
package io.skein.frontdoor.web;
