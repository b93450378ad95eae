package io.github.rouse.nn;

/** A step that remembers nothing: one step in, one step out. */
record Stateless(Map map) implements Layer.Step {
  /** The arithmetic of one step. */
  interface Map {
    void apply(float[] in, float[] out);
  }

  @Override
  public boolean step(float[] in, float[] out) {
    map.apply(in, out);
    return true;
  }

  @Override
  public void reset() {}
}
