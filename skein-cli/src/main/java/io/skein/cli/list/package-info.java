/** What the fleet has and what happened, as tables. */
package io.skein.cli.list;
