// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;

/** Announces the door by mDNS, so that Home Assistant offers it by itself. */
final class Zeroconf implements AutoCloseable {
  private static final String TYPE = "_wyoming._tcp.local.";

  private final String name;
  private final List<JmDNS> responders = new ArrayList<>();

  private Zeroconf(String name) {
    this.name = name;
  }

  /**
   * Announces an address, or all IPv4 addresses of this machine if it is a wildcard.
   *
   * @param name of the server; empty for the hardware address of the network interface
   */
  static Zeroconf announce(InetSocketAddress address, String name) throws IOException {
    List<InetAddress> addresses =
        address.getAddress().isAnyLocalAddress() ? ours() : List.of(address.getAddress());
    if (addresses.isEmpty()) {
      throw new IOException("--zeroconf: this machine has no address in a network");
    }
    Zeroconf zeroconf = new Zeroconf(name.isEmpty() ? hardwareAddress(addresses.get(0)) : name);
    try {
      for (InetAddress one : addresses) {
        JmDNS responder = JmDNS.create(one);
        zeroconf.responders.add(responder);
        responder.registerService(
            ServiceInfo.create(TYPE, zeroconf.name, address.getPort(), 0, 0, new byte[] {0}));
      }
    } catch (IOException e) {
      zeroconf.close();
      throw new IOException("--zeroconf: " + e.getMessage(), e);
    }
    return zeroconf;
  }

  private static List<InetAddress> ours() throws IOException {
    List<InetAddress> ours = new ArrayList<>();
    for (NetworkInterface network :
        NetworkInterface.networkInterfaces().toArray(NetworkInterface[]::new)) {
      if (network.isUp() && !network.isLoopback() && network.supportsMulticast()) {
        network
            .inetAddresses()
            .filter(Inet4Address.class::isInstance)
            .findFirst()
            .ifPresent(ours::add);
      }
    }
    return ours;
  }

  private static String hardwareAddress(InetAddress address) throws IOException {
    NetworkInterface network = NetworkInterface.getByInetAddress(address);
    byte[] hardware = network == null ? null : network.getHardwareAddress();
    return hardware == null ? "rouse" : HexFormat.of().formatHex(hardware);
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    for (JmDNS responder : responders) {
      responder.unregisterAllServices();
      try {
        responder.close();
      } catch (IOException e) {
        // it says goodbye on a network that may be gone
      }
    }
  }
}
