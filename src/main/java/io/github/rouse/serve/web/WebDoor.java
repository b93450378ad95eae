// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.serve.Door;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** HTTP, WebSocket and the page, on an embedded Jetty. */
public final class WebDoor implements Door {
  /** Where the page is, unless the user says otherwise. */
  public static final Address DEFAULT = new Address("127.0.0.1", 8080);

  private static final int TEXT = 4 << 10; // bytes; {"type":"end"} is all that clients send
  private static final int THREADS = 2 * Limits.STREAMS + 16; // a stream or reader may hold one

  private final StreamHub hub;
  private final Address address;
  private final HostNames names;
  private final TlsIdentity tls; // null without TLS
  private final boolean guarded;
  private final EventFeed feed = new EventFeed();
  private final MicrophoneSockets sockets = new MicrophoneSockets();
  private final Api api;
  private final Metrics metrics;
  private final Server server;
  private final ServerConnector connector;

  /**
   * Where to listen.
   *
   * @param host a name or an address of this machine
   * @param port 0 for any that is free
   */
  public record Address(String host, int port) {
    /**
     * Reads {@code HOST:PORT}; a host alone or a port alone will do.
     *
     * @param usual for the part that is left out
     */
    public static Address parse(String text, Address usual) {
      try {
        if (text.matches("\\d+")) {
          return parse(usual.host + ":" + text, usual);
        }
        HostPort parsed = new HostPort(text);
        String host = parsed.getHost().replaceAll("[\\[\\]]", "");
        if (host.isEmpty()) {
          throw new IllegalArgumentException("no host");
        }
        return new Address(host, parsed.hasPort() ? parsed.getPort() : usual.port);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("web=" + text + ", expected HOST:PORT", e);
      }
    }

    boolean isLoopback() throws IOException {
      return InetAddress.getByName(host).isLoopbackAddress();
    }
  }

  /**
   * Creates a door that is closed.
   *
   * @param token file with the token; may be null on a loopback address
   * @param allowedHosts further names by which the server is called
   * @param tls certificate and key, or null for plain HTTP
   * @param words that users enrol
   * @throws IllegalArgumentException beyond loopback without a token
   * @throws IOException if the host is unknown or the token unusable
   */
  public WebDoor(
      StreamHub hub,
      Address address,
      Path token,
      List<String> allowedHosts,
      TlsIdentity tls,
      OwnWords words,
      Lessons lessons)
      throws IOException {
    if (token == null && !address.isLoopback()) {
      throw new IllegalArgumentException(
          "web=" + address.host + ": beyond this machine, give --token FILE with a secret");
    }
    this.hub = hub;
    this.address = address;
    this.tls = tls;
    names = HostNames.of(allowedHosts);
    guarded = token != null;
    metrics = new Metrics(hub);
    hub.observe(metrics);
    WebToken secret = token == null ? null : WebToken.read(token);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("rouse-web");
    threads.setDaemon(true);
    server = new Server(threads);
    api = new Api(hub, secret, metrics, feed, words, lessons);
    server.setHandler(new ShortBodies(new WebGuard(names, secret, inside()), Limits.UNREAD));
    server.setErrorHandler(WebDoor::fail);
    connector = new ServerConnector(server, factories());
    connector.setHost(address.host);
    connector.setPort(address.port);
    connector.setIdleTimeout(3 * Limits.UNREAD.toMillis());
    connector.setReuseAddress(true);
    connector.addBean(new ConnectionShares());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(Limits.CONNECTIONS, connector));
  }

  private ConnectionFactory[] factories() throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(Limits.HEADER);
    if (tls == null) {
      return new ConnectionFactory[] {new HttpConnectionFactory(http)};
    }
    http.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server keys = new SslContextFactory.Server();
    keys.setKeyStore(tls.keys());
    keys.setKeyStorePassword(TlsIdentity.PASSWORD);
    HttpConnectionFactory inner = new HttpConnectionFactory(http);
    return new ConnectionFactory[] {new SslConnectionFactory(keys, inner.getProtocol()), inner};
  }

  private Handler inside() {
    WebSocketUpgradeHandler upgrading = WebSocketUpgradeHandler.from(server, this::configure);
    upgrading.setHandler(api);
    return new Handler.Sequence(new WebPage(), upgrading);
  }

  private void configure(ServerWebSocketContainer container) {
    container.setMaxBinaryMessageSize(Limits.PAYLOAD);
    container.setMaxFrameSize(Limits.PAYLOAD);
    container.setMaxTextMessageSize(TEXT);
    container.setIdleTimeout(Limits.UNREAD.multipliedBy(6));
    container.addMapping("/api/microphone", (request, response, callback) -> sockets.newClient());
    container.addMapping(
        "/api/listen",
        (request, response, callback) -> {
          try {
            SocketFormat format = SocketFormat.of(Request.extractQueryParameters(request));
            return new ListenSocket(hub, format, "web:" + Request.getRemoteAddr(request));
          } catch (IllegalArgumentException e) {
            Answer.error(HttpStatus.BAD_REQUEST_400, e.getMessage(), response, callback);
            return null;
          }
        });
  }

  /** Answers faults that Jetty finds in requests, and our own, without a stack trace. */
  private static boolean fail(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Answer.error(status, HttpStatus.getMessage(status), response, callback);
    return true;
  }

  /** Shows the sound and detections of a microphone, which need not be open yet, on the page. */
  public LocalMicrophone.Sinks follow(int sampleRate, List<String> words) {
    sockets.begin(hub.models(), words, sampleRate);
    LiveMessages messages =
        new LiveMessages(
            LocalMicrophone.SOURCE,
            sampleRate,
            words,
            message -> {
              feed.send(message);
              sockets.send(message);
            },
            message -> {
              feed.sendLive(message);
              sockets.sendLive(message);
            });
    SampleSink samples =
        (block, from, length) -> {
          sockets.accept(block, from, length);
          messages.accept(block, from, length);
        };
    return new LocalMicrophone.Sinks(samples, messages);
  }

  /** Counts a microphone's losses, and lets clients say that its device speaks. */
  public void watch(LocalMicrophone microphone) {
    metrics.watch(microphone);
    api.watch(microphone);
  }

  @Override
  public void open() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "web "
              + address.host
              + ":"
              + address.port
              + ": "
              + cause.getMessage()
              + "; another port: --web "
              + address.host
              + ":"
              + (address.port + 1),
          e);
    }
  }

  @Override
  public String describe() {
    String scheme = tls == null ? "http" : "https";
    String host = address.host.contains(":") ? "[" + address.host + "]" : address.host;
    String who = guarded ? "to whoever knows the token" : "to this machine only";
    String print = tls == null ? "" : "; certificate SHA-256 " + tls.fingerprint();
    return scheme + "://" + host + ":" + connector.getLocalPort() + "/ is open " + who + print;
  }

  /** The port, once open. */
  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    feed.end();
    try {
      server.stop();
    } catch (Exception e) {
      // the process ends anyway
    }
  }
}
