// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.library.Library;
import io.github.rouse.serve.Door;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** Clients over TCP or a Unix socket. */
public final class WyomingDoor implements Door {
  /** The port, unless the user says otherwise; openWakeWord's server has the same. */
  public static final int DEFAULT_PORT = 10400;

  private static final String TCP = "tcp://";
  private static final String UNIX = "unix://";
  private static final int BACKLOG = 128; // connections not yet accepted
  private static final int PAUSE = 100; // ms, where no connection can be accepted

  /** A device that lost its network is noticed within a minute, and its stream is free again. */
  private static final Map<SocketOption<Integer>, Integer> KEEP_ALIVE =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, 30,
          ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
          ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

  private final StreamHub hub;
  private final SocketAddress address;
  private final Allowed allowed;
  private final String announced; // null if not; empty for the default name
  private final Clients clients;
  private final Refusals refusals;
  private ServerSocketChannel server; // null until open
  private Thread accepting; // null until open
  private Zeroconf zeroconf; // null if not announced

  /**
   * Creates a door that is closed.
   *
   * @param uri {@code tcp://HOST:PORT}, where port 0 is any free one, or {@code unix://PATH}
   * @param allow addresses besides this machine's that may connect, such as 192.168.1.0/24 if
   *     others reach the address
   * @param announced the name in the local network, if others reach the address; empty for the
   *     default, null for none
   * @throws IllegalArgumentException if others reach the address, and none may connect
   */
  public WyomingDoor(StreamHub hub, String uri, List<String> allow, String announced)
      throws IOException {
    this.hub = hub;
    address = address(uri);
    List<String> others = reachesOthers() ? allow : List.of();
    allowed = new Allowed(others);
    this.announced = reachesOthers() ? announced : null;
    if (reachesOthers() && allowed.isEmpty()) {
      throw new IllegalArgumentException(
          uri
              + " is open to other machines, and the protocol has no password: say who may connect"
              + " with --allow, such as --allow 192.168.1.0/24");
    }
    if (this.announced != null) {
      Library.JMDNS.require();
    }
    clients = new Clients(hub);
    refusals = new Refusals(hub.activity());
  }

  private static SocketAddress address(String uri) throws IOException {
    if (uri.startsWith(UNIX) && uri.length() > UNIX.length()) {
      return UnixDomainSocketAddress.of(uri.substring(UNIX.length()));
    }
    try {
      URI parsed = new URI(uri);
      if (uri.startsWith(TCP)
          && parsed.getHost() != null
          && parsed.getPort() >= 0
          && parsed.getPort() <= 0xFFFF
          && parsed.getPath().isEmpty()) {
        return new InetSocketAddress(InetAddress.getByName(parsed.getHost()), parsed.getPort());
      }
    } catch (URISyntaxException e) {
      // below
    } catch (UnknownHostException e) {
      throw new IOException(uri + ": unknown host", e);
    }
    throw new IllegalArgumentException(
        "--wyoming=" + uri + ", expected tcp://HOST:PORT, unix://PATH or stdio://");
  }

  /** Whether the address is one that other machines reach. */
  public boolean reachesOthers() {
    return address instanceof InetSocketAddress inet && !inet.getAddress().isLoopbackAddress();
  }

  @Override
  public void open() throws IOException {
    if (address instanceof UnixDomainSocketAddress unix) {
      removeStale(unix);
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } else {
      boolean v4 = ((InetSocketAddress) address).getAddress() instanceof Inet4Address;
      server =
          v4 ? ServerSocketChannel.open(StandardProtocolFamily.INET) : ServerSocketChannel.open();
    }
    try {
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException(uri(address) + ": " + e.getMessage(), e);
    }
    if (announced != null) {
      zeroconf = Zeroconf.announce((InetSocketAddress) server.getLocalAddress(), announced);
    }
    accepting = new Thread(this::accept, "rouse-wyoming-door");
    accepting.setDaemon(true);
    accepting.start();
  }

  /** Removes the socket file of a server that was killed. */
  private static void removeStale(UnixDomainSocketAddress unix) throws IOException {
    Path path = unix.getPath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
      throw new IOException(path + ": exists and is not a socket");
    }
    try {
      SocketChannel.open(unix).close();
    } catch (ConnectException e) {
      Files.delete(path);
      return;
    }
    throw new IOException(path + ": a server already listens there");
  }

  @Override
  public String describe() {
    String who = allowed.isEmpty() ? "this machine" : "this machine and " + allowed;
    String name = zeroconf == null ? "" : ", announced as " + zeroconf.name();
    return "Wyoming on " + uri(bound()) + " for " + who + name;
  }

  /** The address with the real port. */
  private SocketAddress bound() {
    try {
      return server == null ? address : server.getLocalAddress();
    } catch (IOException e) {
      return address;
    }
  }

  private static String uri(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      String host = inet.getAddress().getHostAddress();
      return TCP + (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return UNIX + address;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        welcome(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) { // such as too many open files
        hub.activity().notice("Wyoming cannot accept connections: " + e.getMessage());
        pause();
      }
    }
  }

  /** Until then, the system may still connect a client. */
  private void awaitEndOfAccepting() {
    try {
      if (accepting != null) {
        accepting.join(Limits.UNREAD.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    String host = "unix";
    if (channel.getRemoteAddress() instanceof InetSocketAddress client) {
      host = client.getAddress().getHostAddress();
      InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
      if (!allowed.admits(client.getAddress(), local.getAddress())) {
        channel.close();
        refusals.refused(host);
        return;
      }
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      for (Map.Entry<SocketOption<Integer>, Integer> option : KEEP_ALIVE.entrySet()) {
        if (channel.supportedOptions().contains(option.getKey())) {
          channel.setOption(option.getKey(), option.getValue());
        }
      }
    }
    if (clients.count() >= Limits.CONNECTIONS) {
      channel.close();
      hub.activity().notice("Wyoming has " + Limits.CONNECTIONS + " connections; refused " + host);
      return;
    }
    clients.add(channel, "wyoming:" + host, () -> {});
  }

  @Override
  public void close() {
    try {
      if (server != null && server.isOpen()) {
        boolean bound = server.getLocalAddress() != null;
        server.close();
        awaitEndOfAccepting();
        if (bound && address instanceof UnixDomainSocketAddress unix) {
          Files.deleteIfExists(unix.getPath());
        }
      }
    } catch (IOException e) {
      hub.activity().notice("Wyoming: " + e.getMessage());
    }
    clients.close();
    refusals.close();
    if (zeroconf != null) {
      zeroconf.close(); // last: its goodbye takes a while
    }
  }
}
