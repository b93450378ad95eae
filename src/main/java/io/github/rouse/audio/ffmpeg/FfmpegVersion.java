// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.ffmpeg;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which ffmpeg reads the formats that Rouse has no decoder for. */
public final class FfmpegVersion {
  private static final Pattern VERSION = Pattern.compile("ffmpeg version (\\S+)");
  private static final int MOST = 1 << 16; // bytes of output

  private FfmpegVersion() {}

  /** Its version and path in one line, or that there is none. */
  public static String line() {
    Path program = program();
    if (program == null) {
      return "ffmpeg is not installed; Rouse reads the formats that it has decoders for";
    }
    try {
      Process process = new ProcessBuilder(program.toString(), "-version").start();
      try {
        process.getOutputStream().close();
        byte[] said = process.getInputStream().readNBytes(MOST);
        Matcher version = VERSION.matcher(new String(said, StandardCharsets.UTF_8));
        String number = version.find() ? version.group(1) : "of unknown version";
        return "ffmpeg " + number + ", " + program + ", reads other formats";
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return "ffmpeg, " + program + ", cannot be started: " + e.getMessage();
    }
  }

  private static Path program() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : System.getProperty("rouse.ffmpeg", path).split(File.pathSeparator, -1)) {
      for (String name : new String[] {"ffmpeg", "ffmpeg.exe"}) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program.toAbsolutePath();
        }
      }
    }
    return null;
  }
}
