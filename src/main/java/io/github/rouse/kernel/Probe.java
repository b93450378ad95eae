package io.github.rouse.kernel;

/** Finds out once whether the Vector API is there. */
final class Probe {
  private static final System.Logger LOG = System.getLogger("io.github.rouse.kernel");

  private Probe() {}

  /** By name: a compiler without the incubator module could not read the class. */
  private static Tile loaded() {
    try {
      return Class.forName("io.github.rouse.kernel.VectorTile")
          .asSubclass(Tile.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("VectorTile", e);
    }
  }

  static Tile tile() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "scalar kernels; start java with --add-modules jdk.incubator.vector for the faster ones");
      return new ScalarTile();
    }
    LOG.log(System.Logger.Level.DEBUG, "vector kernels");
    return loaded();
  }
}
