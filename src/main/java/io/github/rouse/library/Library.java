// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.library;

/** A library that programs may leave out, because only some features need it. */
public enum Library {
  /** Runs graphs, to check the native engine or in place of it. */
  ONNX_RUNTIME(
      "ONNX Runtime", "com.microsoft.onnxruntime:onnxruntime", "ai.onnxruntime.OrtEnvironment"),
  /** Reads Keras weights. */
  JHDF("jHDF", "io.jhdf:jhdf", "io.jhdf.HdfFile"),
  /** Reads recipes. */
  SNAKEYAML("SnakeYAML", "org.yaml:snakeyaml", "org.yaml.snakeyaml.Yaml"),
  /** Decodes Opus. */
  CONCENTUS(
      "Concentus",
      "io.github.jaredmdobson:concentus",
      "io.github.jaredmdobson.concentus.OpusDecoder"),
  /** Decodes AAC. */
  JAAD("JAAD", "com.tianscar.javasound:javasound-aac", "net.sourceforge.jaad.aac.Decoder"),
  /** Serves the page. */
  JETTY(
      "Jetty and its WebSockets",
      "org.eclipse.jetty.websocket:jetty-websocket-jetty-server",
      "org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler"),
  /** Counts for Prometheus. */
  MICROMETER(
      "Micrometer",
      "io.micrometer:micrometer-registry-prometheus",
      "io.micrometer.prometheusmetrics.PrometheusMeterRegistry"),
  /** Announces the server in the local network. */
  JMDNS("JmDNS", "org.jmdns:jmdns", "javax.jmdns.JmDNS"),
  /** Publishes the server's events to an MQTT broker. */
  PAHO(
      "Eclipse Paho",
      "org.eclipse.paho:org.eclipse.paho.client.mqttv3",
      "org.eclipse.paho.client.mqttv3.MqttAsyncClient"),
  /** Parses the command line. */
  PICOCLI("picocli", "info.picocli:picocli", "picocli.CommandLine");

  private final String title;
  private final String artifact; // group:artifact
  private final String type; // a class of the library

  Library(String title, String artifact, String type) {
    this.title = title;
    this.artifact = artifact;
    this.type = type;
  }

  /**
   * Call it before the first use of a class that names the library's types: such a class may fail
   * to link without them.
   *
   * @throws IllegalStateException if the library is missing; the message names the dependency to
   *     add
   */
  public void require() {
    try {
      Class.forName(type, false, Library.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      String folder = System.getProperty("rouse.libraries"); // the launcher's, for the user's own
      String remedy =
          folder == null
              ? "add " + artifact + " to the class path"
              : "put the jar of " + artifact + " into " + folder;
      throw new IllegalStateException("needs " + title + ": " + remedy, e);
    }
  }
}
