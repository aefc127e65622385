/**
 * The rules of the code base, each with its reason, held against the compiled classes and the build files of every module. {@link
 * io.skein.architecture.PlantedViolationTest} proves that they can fail, with the classes in {@code io.skein.planted}.
 */
package io.skein.architecture;
