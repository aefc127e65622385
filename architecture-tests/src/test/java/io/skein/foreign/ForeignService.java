package io.skein.foreign;

/** Belongs to another service. */
public class ForeignService {}
