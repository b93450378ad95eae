// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import io.github.rouse.audio.Sounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One door for Jazzer, which learns from coverage what input goes deeper: {@code
 * src/test/scripts/fuzz --jazzer DOOR}.
 */
public final class JazzerTarget {
  private static FuzzDoor door;

  private JazzerTarget() {}

  /** Called once. */
  public static void fuzzerInitialize(String[] args) throws IOException {
    Sounds.hideFfmpeg(); // it would take a process for each input
    door = Doors.named(System.getProperty("rouse.door"));
  }

  /** Called for each input; what it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    try {
      door.reader().read(input);
    } catch (Exception e) {
      if (!door.allows(e)) {
        throw e;
      }
    }
  }

  /** Writes the door's valid input into a folder, for Jazzer to begin with. */
  public static void main(String[] args) throws IOException {
    fuzzerInitialize(args);
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (int i = 0; i < door.seeds().size(); i++) {
      Files.write(folder.resolve("seed" + i), door.seeds().get(i));
    }
    System.exit(0); // the servers have threads
  }
}
