// SPDX-License-Identifier: Apache-2.0
import io.github.rouse.Detector;
import io.github.rouse.Rouse;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints the words in a file: {@code Consumer MODEL FILE}. A file {@code .pcm} has 16-bit
 * little-endian mono samples at the model's rate, read in chunks as from a socket.
 */
public class Consumer {
  public static void main(String[] args) throws Exception {
    WakeModel model = WakeModel.read(Path.of(args[0]));
    Path sound = Path.of(args[1]);
    if (!args[1].endsWith(".pcm")) {
      Rouse.scan(model, sound).forEach(Consumer::print);
      return;
    }
    try (Detector detector = new Detector(model, Consumer::print);
        InputStream in = Files.newInputStream(sound)) {
      for (byte[] chunk; (chunk = in.readNBytes(640)).length > 0; ) {
        var pcm = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[pcm.remaining()];
        for (int i = 0; i < samples.length; i++) {
          samples[i] = pcm.get(i) / 32768f;
        }
        detector.accept(samples, 0, samples.length);
      }
      detector.finish();
    }
  }

  private static void print(TriggerEvent event) {
    System.out.printf("%s at %.2f s%n", event.word(), event.atSeconds());
  }
}
