// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.cli.options.UserData;
import io.github.rouse.library.Library;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.web.Lessons;
import io.github.rouse.serve.web.OwnWords;
import io.github.rouse.serve.web.TlsIdentity;
import io.github.rouse.serve.web.WebDoor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The server's page and its API. */
final class WebOptions {
  private static final String SELF = "self";

  @Option(
      names = "--web",
      paramLabel = "HOST:PORT",
      description = "Serve the page and its API over HTTP. Default: 127.0.0.1:8080.")
  String address;

  @Option(
      names = "--token",
      paramLabel = "FILE",
      description =
          "Whoever uses the page or its API must know the secret in this file's first line. Needed"
              + " beyond this machine.")
  Path token;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "A further name by which browsers call this server, such as that of a proxy; repeatable.")
  List<String> allowHosts = new ArrayList<>();

  @Option(
      names = "--tls",
      paramLabel = "CERT KEY|self",
      arity = "1..2",
      description =
          "Serve HTTPS, with a certificate and its key in PEM, or with a certificate that Rouse makes"
              + " itself. Browsers allow a microphone beyond this machine only over HTTPS.")
  List<String> tls;

  /** Whether the user asked for the page. */
  boolean asked() {
    return address != null;
  }

  /**
   * The closed door, or null if there is to be none.
   *
   * @param usual whether to open it without being asked
   */
  WebDoor door(StreamHub hub, boolean usual, OwnWords words, Lessons lessons) throws IOException {
    if (address == null && !usual) {
      if (token != null || tls != null || !allowHosts.isEmpty()) {
        throw new IllegalArgumentException("--token, --tls and --allow-host need --web");
      }
      return null;
    }
    Library.JETTY.require();
    Library.MICROMETER.require();
    WebDoor.Address at =
        address == null ? WebDoor.DEFAULT : WebDoor.Address.parse(address, WebDoor.DEFAULT);
    return new WebDoor(hub, at, token, allowHosts, identity(), words, lessons);
  }

  private TlsIdentity identity() throws IOException {
    if (tls == null) {
      return null;
    }
    if (tls.equals(List.of(SELF))) {
      return TlsIdentity.ofThisMachine(UserData.folder().resolve("tls.p12"));
    }
    if (tls.size() != 2) {
      throw new IllegalArgumentException("tls=" + tls.get(0) + ", expected CERT KEY or self");
    }
    return TlsIdentity.read(Path.of(tls.get(0)), Path.of(tls.get(1)));
  }
}
