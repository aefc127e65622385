package io.skein.planted.util;

/** At home nowhere. */
public class Strings {}
