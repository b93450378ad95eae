// SPDX-License-Identifier: Apache-2.0

import io.github.rouse.audio.AudioFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * For `against-ffmpeg`: reads names from stdin, and compares the samples of each with those of NAME.f32. Prints the
 * rate, the frames of both, the least correlation of a channel, the largest difference in steps of 16 bits, and what the end of
 * the file said.
 */
final class Samples {
  public static void main(String[] arguments) throws IOException {
    BufferedReader names = new BufferedReader(new InputStreamReader(System.in));
    for (String name; (name = names.readLine()) != null; ) {
      compare(name);
    }
  }

  private static void compare(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(name + ".f32"));
    FloatBuffer theirs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] ours = new float[theirs.capacity() + (1 << 16)];
    int length = 0;
    int channels = 1;
    int rate = 0;
    String said = "";
    try (AudioFile file = AudioFile.open(Path.of(name))) {
      channels = file.channels();
      rate = file.sampleRate();
      float[] block = new float[4096 * channels];
      for (int got; (got = file.read(block, 4096)) >= 0; length += got * channels) {
        if (length + got * channels > ours.length) {
          ours = Arrays.copyOf(ours, 2 * ours.length);
        }
        System.arraycopy(block, 0, ours, length, got * channels);
      }
    } catch (IOException e) {
      said = e.getMessage();
    }
    int both = Math.min(length, theirs.capacity());
    double least = 1;
    double largest = 0;
    for (int c = 0; c < channels; c++) {
      double xy = 0;
      double xx = 0;
      double yy = 0;
      for (int i = c; i < both; i += channels) {
        double x = ours[i];
        double y = Math.max(-1, Math.min(1, theirs.get(i)));
        xy += x * y;
        xx += x * x;
        yy += y * y;
        largest = Math.max(largest, Math.abs(x - y));
      }
      least = Math.min(least, xx == 0 && yy == 0 ? 1 : xy / Math.sqrt(xx * yy));
    }
    System.out.printf(
        Locale.ROOT,
        "%s\t%d\t%d\t%d\t%.6f\t%.3f\t%s%n",
        name,
        rate,
        length / channels,
        theirs.capacity() / channels,
        both == 0 || Double.isNaN(least) ? 0 : least,
        largest * 32768,
        said);
  }
}
