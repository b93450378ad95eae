// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsFfmpeg;
import io.github.rouse.audio.ffmpeg.FfmpegVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Rouse has no decoder for is read by ffmpeg; what Rouse decodes is compared with it. */
@NeedsFfmpeg
class FfmpegTest {
  @TempDir Path folder;

  private Path made(String name, String... options) throws IOException, InterruptedException {
    Path source = Path.of("src/test/resources/audio/tone16.flac");
    Path target = folder.resolve(name);
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    command.addAll(List.of("-i", source.toString()));
    command.addAll(List.of(options));
    command.add(target.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), name);
    return target;
  }

  private static float[] read(Path path) throws IOException {
    try (AudioFile sound = AudioFile.open(path)) {
      return Sounds.readAll(sound);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.m4a, alac, 22050",
    "a.caf, pcm_s16be, 22050",
    "a.wv, wavpack, 22050",
    "a.w64, pcm_s16le, 22052",
    "a.tta, tta, 22050",
    "a.wav, adpcm_ima_wav, 22450",
    "a.ogg, flac, 22050",
    "a.mka, flac, 22050",
    "a.mov, pcm_s16le, 22050",
    "a.eac3, eac3, 23040",
  })
  void theToneIsRead(String name, String codec, int frames) throws Exception {
    float[] samples = read(made(name, "-c:a", codec));
    assertEquals(frames, samples.length, name.endsWith("wav") ? 2000 : 0);
    assertEquals(0.5, Sounds.amplitude(samples, 2000, 20_000, 440, 44_100), 1e-2);
  }

  @ParameterizedTest
  @CsvSource({
    "a.wv, wavpack, b.wv, wavpack",
    "a.tta, tta, b.mp3, libmp3lame",
    "a.w64, pcm_s16le, b.tta, tta",
    "a.m4a, alac, b.m4a, alac",
    "a.wav, adpcm_ima_wav, b.wav, adpcm_ima_wav",
    "a.mka, flac, b.ogg, flac",
    "a.flac, flac, b.wma, wmav2",
    "a.wav, pcm_s16le, b.wma, wmav2",
    "a.caf, pcm_s16be, b.tta, tta",
  })
  void aSecondFileInOneIsHeard(String first, String codec1, String second, String codec2)
      throws Exception {
    Path a = made(first, "-c:a", codec1);
    Path b = made(second, "-c:a", codec2);
    int frames = read(a).length + read(b).length;
    byte[] both = Sounds.join(Files.readAllBytes(a), Files.readAllBytes(b));
    assertEquals(frames, read(Files.write(folder.resolve("both"), both)).length, 1);
    assertEquals(frames, Sounds.read(both).length, 1); // from a pipe
  }

  @Test
  void aFileThatIsCutIsReported() throws Exception {
    Path file = made("a.wv", "-c:a", "wavpack");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    var e = assertThrows(AudioFormatException.class, () -> read(file));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"a.tta, tta", "a.wv, wavpack", "a.ogg, flac"})
  void aWrongChecksumIsReported(String name, String codec) throws Exception {
    Path file = made(name, "-c:a", codec);
    byte[] damaged = Files.readAllBytes(file);
    Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + damaged.length / 8, (byte) 0);
    Files.write(file, damaged);
    assertThrows(AudioFormatException.class, () -> read(file));
  }

  @Test
  void itsVersionAndPathAreKnown() {
    String line = FfmpegVersion.line();
    assertTrue(line.matches("ffmpeg [0-9Nn].*, .*ffmpeg(\\.exe)?, reads other formats"), line);
  }

  @Test
  void aPipeIsCopiedForIt() throws Exception {
    Path file = made("a.wv", "-c:a", "wavpack");
    try (InputStream in = Files.newInputStream(file);
        AudioFile sound = AudioFile.open(in, "-")) {
      assertEquals(22_050, Sounds.readAll(sound).length);
    }
  }

  /** Opus is compared with libopus: SILK, hybrid and CELT, frames of each length, and pauses. */
  @ParameterizedTest
  @CsvSource({
    "voip, 8k, 10, 0", "voip, 8k, 60, 1", "voip, 14k, 20, 1", "voip, 24k, 20, 0",
    "voip, 30k, 10, 0", "audio, 64k, 40, 0", "audio, 96k, 2.5, 0", "lowdelay, 32k, 5, 0",
  })
  void opusIsDecodedAsByLibopus(String application, String rate, String frame, String pauses)
      throws Exception {
    Path speech = Path.of("audio-samples/jarvis-quiet.flac").toAbsolutePath();
    for (String channels : new String[] {"1", "2"}) {
      Path file = folder.resolve(channels + ".opus");
      List<String> encode =
          List.of(
              "ffmpeg",
              "-nostdin",
              "-v",
              "error",
              "-y",
              "-i",
              speech.toString(),
              "-t",
              "4",
              "-ac",
              channels,
              "-c:a",
              "libopus",
              "-application",
              application,
              "-b:a",
              rate,
              "-frame_duration",
              frame,
              "-dtx",
              pauses,
              file.toString());
      assertEquals(0, new ProcessBuilder(encode).inheritIO().start().waitFor());
      float[] ours = read(file);
      List<String> decode =
          List.of(
              "ffmpeg",
              "-nostdin",
              "-v",
              "error",
              "-c:a",
              "libopus",
              "-i",
              file.toString(),
              "-f",
              "f32le",
              "-c:a",
              "pcm_f32le",
              "-");
      Process process = new ProcessBuilder(decode).start();
      byte[] bytes = process.getInputStream().readAllBytes();
      float[] theirs = new float[bytes.length / 4];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(theirs);
      assertEquals(theirs.length, ours.length);
      assertTrue(correlation(ours, theirs) > 0.999, () -> "" + correlation(ours, theirs));
    }
  }

  private static double correlation(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
