/** Code that breaks the rules, one each; never copy from here. {@code PlantedViolationTest} shows that it does not get through. */
package io.skein.planted;
