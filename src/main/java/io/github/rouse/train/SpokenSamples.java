package io.github.rouse.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Synthetic recordings of a word through the program espeak-ng: accents, voice variants, speeds and
 * pitches at random. They widen a small set of real recordings and do not replace it.
 */
public final class SpokenSamples {
  private static final String PROGRAM = "espeak-ng";
  private static final int SECONDS = 30; // longest for one sample
  private static final List<String> ACCENTS =
      List.of("en-gb", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029");
  private static final List<String> VARIANTS =
      List.of("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5");

  private SpokenSamples() {}

  /**
   * Writes {@code count} WAVs into a folder. A file's name begins with its voice, which so is its
   * speaker.
   *
   * @param done told how many are written
   * @throws IOException if espeak-ng is not installed or fails
   */
  public static void write(String text, Path folder, int count, long seed, IntConsumer done)
      throws IOException {
    Files.createDirectories(folder);
    SplittableRandom random = new SplittableRandom(seed);
    String name = text.replaceAll("[^\\p{L}\\p{N}]+", "_");
    for (int i = 0; i < count; i++) {
      String accent = ACCENTS.get(random.nextInt(ACCENTS.size()));
      String variant = VARIANTS.get(random.nextInt(VARIANTS.size()));
      int speed = 110 + random.nextInt(100); // words per minute
      int pitch = 15 + random.nextInt(70); // of 99
      String voice = "espeak" + accent.replace("-", "") + variant;
      Path target = folder.resolve(String.format("%s-%s-%04d.wav", voice, name, i));
      Path aside = target.resolveSibling("." + target.getFileName() + ".part");
      try {
        speak(
            List.of(
                PROGRAM,
                "-v",
                accent + "+" + variant,
                "-s",
                Integer.toString(speed),
                "-p",
                Integer.toString(pitch),
                "-w",
                aside.toString(),
                "--",
                text));
        Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
      done.accept(i + 1);
    }
  }

  private static void speak(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          PROGRAM + ": not found; install it (Debian: apt install espeak-ng) to make samples", e);
    }
    try {
      process.getOutputStream().close();
      String said =
          new String(
                  process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
              .strip();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(PROGRAM + ": has not ended after " + SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(PROGRAM + ": ended with " + process.exitValue() + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(PROGRAM + ": interrupted", e);
    } finally {
      process.destroy();
    }
  }
}
