// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import io.github.rouse.engine.SpeechEmbedding;
import io.github.rouse.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Many recordings one after another, and the teacher's vectors of them. Memory-mapped from a file:
 * the number of vectors, the vectors, the samples.
 *
 * @param samples of 16 bits
 * @param length in samples
 * @param vectors [count * values], vector {@code k} known at {@link SpeechEmbedding#end}
 * @param count of vectors
 */
record Reel(ShortBuffer samples, int length, FloatBuffer vectors, int count) {
  private static final float FULL_SCALE = 32768;

  /** Writes sound and vectors; the path never holds half of them. */
  static void write(Path path, float[] samples, float[][] vectors) throws IOException {
    int values = vectors.length == 0 ? 0 : vectors[0].length;
    int bytes =
        Integer.BYTES + Float.BYTES * vectors.length * values + Short.BYTES * samples.length;
    ByteBuffer content = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    content.putInt(vectors.length);
    for (float[] vector : vectors) {
      for (float value : vector) {
        content.putFloat(value);
      }
    }
    for (float sample : samples) {
      int value = Math.round(sample * FULL_SCALE);
      content.putShort((short) Math.max(-32768, Math.min(32767, value)));
    }
    AtomicFile.write(path, file -> Channels.newChannel(file).write(content.flip()));
  }

  /**
   * Maps a file.
   *
   * @param values of a vector
   */
  static Reel open(Path path, int values) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer file =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      int count = file.getInt();
      FloatBuffer vectors = file.asFloatBuffer().limit(count * values);
      ShortBuffer samples =
          file.position(Integer.BYTES + Float.BYTES * count * values)
              .slice()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asShortBuffer();
      return new Reel(samples, samples.capacity(), vectors, count);
    }
  }

  /** Copies samples, scaled to [-1, 1]. */
  void copy(int from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = samples.get(from + i) / FULL_SCALE;
    }
  }
}
