// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.ffmpeg;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * ffmpeg or ffprobe at work on one file. A playlist could lead it to other files and to the
 * network, so it opens local files of known formats only. No shell sees the name.
 */
final class Program implements Closeable {
  /** Formats that hold sound and name no other file. */
  private static final String FORMATS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,aac,loas,asf,wv,w64,wav,caf,nistsphere,amr,amrnb,"
          + "amrwb,flac,mp3,aiff,au,ape,tta,tak,mpc,mpc8,avi,flv,mpeg,mpegts,ac3,eac3,dts,dtshd,"
          + "voc,ircam,rm,dsf,iff,shn,qcp,xa,gsm";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30); // without output
  private static final int MOST_SAID = 2000; // bytes of messages kept

  private final Process process;
  private final String name; // of the program
  private final InputStream out;
  private final StringBuilder said = new StringBuilder();
  private final Thread killer;

  private Program(Process process, String name) {
    this.process = process;
    this.name = name;
    out = process.getInputStream();
    killer = new Thread(process::destroyForcibly); // when the Java process ends
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts it.
   *
   * @param name "ffmpeg" or "ffprobe"
   * @param options after those of the input
   * @throws AudioFormatException if it is not installed
   */
  static Program start(String name, Decoder.Input input, List<String> options) throws IOException {
    String folder = System.getProperty("rouse.ffmpeg"); // where it is, if not on PATH
    List<String> command = new ArrayList<>();
    command.add(folder == null ? name : Path.of(folder, name).toString());
    command.addAll(List.of("-hide_banner", "-v", "error"));
    if (name.equals("ffmpeg")) {
      // Errors end it; TTA's checksums, for one, are looked at only if asked for.
      command.addAll(List.of("-nostdin", "-xerror", "-err_detect", "+crccheck+explode"));
    }
    command.addAll(List.of("-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS));
    command.addAll(List.of("-i", "file:" + input.file().toAbsolutePath()));
    command.addAll(options);
    Process process;
    try {
      if (folder != null && !Files.isDirectory(Path.of(folder))) {
        throw new NotDirectoryException(folder); // before a process is forked to find that out
      }
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new AudioFormatException(
          input.name(), input.codec() + "; install ffmpeg to read it", e);
    }
    process.getOutputStream().close();
    return new Program(process, name);
  }

  /**
   * Reads its output.
   *
   * @return bytes read, or -1 at the end
   * @throws IOException if it gives no output for long
   */
  int read(byte[] into, int from, int length) throws IOException {
    long since = System.nanoTime();
    while (out.available() == 0 && process.isAlive()) {
      listen();
      if (System.nanoTime() - since > PATIENCE_NANOS) {
        close();
        throw new IOException(name + " gave no output for 30 s");
      }
      pause();
    }
    listen();
    return out.read(into, from, length);
  }

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException(name + " was interrupted");
    }
  }

  /** Collects its messages, so that it never waits for us. */
  private void listen() throws IOException {
    InputStream messages = process.getErrorStream();
    for (int n; (n = messages.available()) > 0; ) {
      byte[] some = messages.readNBytes(Math.min(n, MOST_SAID));
      said.append(new String(some, StandardCharsets.UTF_8));
      said.setLength(Math.min(said.length(), MOST_SAID));
    }
  }

  /**
   * Waits for its end.
   *
   * @throws IOException if it failed or said anything; the message has its first line
   */
  void checkEnd() throws IOException {
    try {
      if (!process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
        throw new IOException(name + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException(name + " was interrupted");
    } finally {
      listen();
      close();
    }
    String first = said.toString().strip().lines().findFirst().orElse("");
    if (!first.isEmpty() || process.exitValue() != 0) {
      String reason = first.replaceAll("^\\[.*?\\] ", "").replaceAll("^file:.*?: ", "");
      throw new IOException(
          name + (reason.isEmpty() ? " ended with " + process.exitValue() : " says: " + reason));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) { // the hook is at work
      return;
    }
  }
}
