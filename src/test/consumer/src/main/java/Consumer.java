// SPDX-License-Identifier: Apache-2.0
import io.github.rouse.Detector;
import io.github.rouse.Rouse;
import io.github.rouse.audio.capture.AudioUnavailableException;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the words in a sound: {@code Consumer scan MODEL FILE}, or {@code Consumer feed NAME RATE FILE}
 * for 16-bit little-endian mono samples, with a shipped model. {@code Consumer listen} prints
 * whether there is a microphone.
 */
public class Consumer {
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "scan" -> Rouse.scan(WakeModel.read(Path.of(args[1])), Path.of(args[2])).forEach(Consumer::print);
      case "feed" -> feed(args[1], Integer.parseInt(args[2]), Files.readAllBytes(Path.of(args[3])));
      case "listen" -> listen();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Feeds the samples as bytes from a stream, as shorts and as floats. */
  private static void feed(String name, int rate, byte[] pcm) throws IOException {
    short[] shorts = new short[pcm.length / 2];
    ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(shorts);
    float[] floats = new float[shorts.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = shorts[i] / 32768f;
    }
    WakeModel model = WakeModel.named(name);
    List<List<TriggerEvent>> heard = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, heard.get(0)::add);
        InputStream in = new ByteArrayInputStream(pcm)) {
      byte[] chunk = new byte[641]; // a socket does not know where samples end
      int length;
      while ((length = in.read(chunk)) > 0) {
        detector.acceptBytes(chunk, 0, length);
      }
      detector.finish();
    }
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, heard.get(1)::add)) {
      detector.accept(shorts, 0, shorts.length);
      detector.finish();
    }
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, heard.get(2)::add)) {
      detector.accept(floats, 0, floats.length);
      detector.finish();
    }
    if (!heard.get(1).equals(heard.get(0)) || !heard.get(2).equals(heard.get(0))) {
      throw new IllegalStateException("not the same: " + heard);
    }
    heard.get(0).forEach(Consumer::print);
  }

  private static void listen() throws IOException {
    try {
      Rouse.listen(WakeModel.named("alexa")).onEvent(Consumer::print).start().close();
      System.out.println("a microphone");
    } catch (AudioUnavailableException e) {
      System.out.println("no microphone");
    }
  }

  private static void print(TriggerEvent event) {
    System.out.printf("%s at %.2f s%n", event.word(), event.atSeconds());
  }
}
