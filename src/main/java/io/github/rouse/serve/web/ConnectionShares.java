// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/** Closes connections of an address beyond {@link Limits#CONNECTIONS_OF_ONE}. */
final class ConnectionShares implements Connection.Listener {
  private final Map<Connection, InetAddress> addresses = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>(); // connections

  @Override
  public void onOpened(Connection connection) {
    InetAddress address = address(connection);
    if (address == null) {
      return;
    }
    addresses.put(connection, address);
    if (open.merge(address, 1, Integer::sum) > Limits.CONNECTIONS_OF_ONE) {
      connection.getEndPoint().close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    InetAddress address = addresses.remove(connection); // the end point no longer knows it
    if (address != null) {
      open.computeIfPresent(address, (unused, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The client's address; null for the outer of the two connections that TLS has. */
  private static InetAddress address(Connection connection) {
    return !(connection instanceof SslConnection)
            && connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress client
        ? client.getAddress()
        : null;
  }
}
