// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Set;

/** Checks once whether the Vector API is available, and picks the tile shape. */
final class Probe {
  private static final int AVX_512_LANES = 16; // floats
  private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86", "i386");

  /** The tile for this processor. */
  static final Tile TILE = tile();

  private Probe() {}

  /**
   * Loads the vector tile by name: a compiler without the incubator module cannot read the class.
   *
   * @param registers number of vector registers, 16 or 32
   */
  static Tile vectorTile(int registers) {
    try {
      return Class.forName("io.github.rouse.kernel.vector.VectorTile")
          .asSubclass(Tile.class)
          .getDeclaredConstructor(int.class)
          .newInstance(registers);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("VectorTile", e);
    }
  }

  private static Tile tile() {
    try {
      Class.forName("jdk.incubator.vector.FloatVector", false, Probe.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      log("using scalar kernels; run java with --add-modules jdk.incubator.vector for faster ones");
      return new ScalarTile();
    }
    Tile tile = vectorTile(32);
    if (tile.columns() < AVX_512_LANES && X86.contains(System.getProperty("os.arch"))) {
      tile = vectorTile(16);
    }
    log(tile.toString());
    return tile;
  }

  private static void log(String message) {
    try {
      System.getLogger("io.github.rouse.kernel").log(System.Logger.Level.DEBUG, message);
    } catch (LinkageError e) {
      // Android 13 has no System.Logger.
    }
  }
}
