// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Saves or restores what a stream remembers. Both take the same walk through its fields, so that
 * they cannot fall out of step:
 *
 * <pre>{@code
 * void state(Snapshot snapshot) {
 *   snapshot.values(recent);
 *   next = snapshot.number(next);
 * }
 * }</pre>
 *
 * <p>Restoring throws an {@link UncheckedIOException} where the saved bytes end too early.
 */
public final class Snapshot {
  private final DataOutputStream out; // null while restoring
  private final DataInputStream in; // null while saving

  private Snapshot(DataOutputStream out, DataInputStream in) {
    this.out = out;
    this.in = in;
  }

  /** Saves: every method that the walk calls writes what it is given, and returns it. */
  public static byte[] save(Consumer<Snapshot> walk) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    walk.accept(new Snapshot(new DataOutputStream(bytes), null));
    return bytes.toByteArray();
  }

  /** Restores: every method returns what was written in its place. */
  public static Snapshot from(byte[] saved) {
    return new Snapshot(null, new DataInputStream(new ByteArrayInputStream(saved)));
  }

  /** Whether this restores rather than saves. */
  public boolean restores() {
    return in != null;
  }

  public long number(long value) {
    try {
      if (in != null) {
        return in.readLong();
      }
      out.writeLong(value);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int number(int value) {
    return (int) number((long) value);
  }

  public float number(float value) {
    return Float.intBitsToFloat(number(Float.floatToRawIntBits(value)));
  }

  public double number(double value) {
    return Double.longBitsToDouble(number(Double.doubleToRawLongBits(value)));
  }

  public boolean flag(boolean value) {
    return number(value ? 1 : 0) == 1;
  }

  public String text(String value) {
    try {
      if (in != null) {
        return in.readUTF();
      }
      out.writeUTF(value);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks that what was saved is of the same kind.
   *
   * @throws IllegalArgumentException if another value was saved here
   */
  public void same(String what, Object value) {
    String saved = text(value.toString());
    if (!saved.equals(value.toString())) {
      throw new IllegalArgumentException(
          "the saved state has " + what + "=" + saved + ", expected " + value);
    }
  }

  public void values(float[] values) {
    same("values", values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(values[i]);
    }
  }

  public void values(double[] values) {
    same("values", values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(values[i]);
    }
  }

  public void values(int[] values) {
    same("values", values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(values[i]);
    }
  }

  public void values(long[] values) {
    same("values", values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(values[i]);
    }
  }

  public void values(float[][] rows) {
    same("rows", rows.length);
    for (float[] row : rows) {
      values(row);
    }
  }
}
