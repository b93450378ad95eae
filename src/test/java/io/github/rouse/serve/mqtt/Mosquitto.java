// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker of its own on a free port of this machine, which can be stopped and started again. */
public final class Mosquitto {
  public final int port;
  private final Path config;
  private Process process;

  /** Starts a broker with further lines of configuration. */
  public Mosquitto(Path folder, String... lines) throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    config = folder.resolve("mosquitto.conf");
    String all = "listener " + port + " 127.0.0.1\nuser " + System.getProperty("user.name") + "\n";
    Files.writeString(config, all + String.join("\n", lines) + "\n");
    start();
  }

  public void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(program("mosquitto"), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(config.resolveSibling("mosquitto.log").toFile())
            .start();
    while (!listens()) {
      if (!process.isAlive()) {
        throw new IOException(Files.readString(config.resolveSibling("mosquitto.log")));
      }
      Thread.sleep(10);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Repeats the signal, because a broker that is still starting may lose it. */
  public void stop() throws InterruptedException {
    int tries = 0;
    do {
      if (tries++ < 10) {
        process.destroy();
      } else {
        process.destroyForcibly();
      }
    } while (!process.waitFor(1, TimeUnit.SECONDS));
  }

  /** Debian keeps the broker where only root's PATH leads. */
  static String program(String name) {
    File other = new File("/usr/sbin", name);
    return other.canExecute() ? other.toString() : name;
  }

  /** Writes a file with one user; returns the lines that make the broker use it. */
  static String[] user(Path folder, String user, String password)
      throws IOException, InterruptedException {
    Path file = folder.resolve("users");
    List<String> command =
        List.of(program("mosquitto_passwd"), "-b", "-c", file.toString(), user, password);
    new ProcessBuilder(command).inheritIO().start().waitFor();
    return new String[] {"allow_anonymous false", "password_file " + file};
  }
}
