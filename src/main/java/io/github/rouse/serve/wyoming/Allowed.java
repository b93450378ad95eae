// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Who may connect: this machine, and blocks of addresses. */
final class Allowed {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F.:]*:[0-9a-fA-F.:]*");

  private final List<Block> blocks;

  /**
   * Parses the blocks.
   *
   * @param cidrs such as {@code 192.168.1.0/24}, {@code fd00::/8} or a single address
   */
  Allowed(List<String> cidrs) {
    blocks = cidrs.stream().map(Block::parse).collect(Collectors.toUnmodifiableList());
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** Whether a client with that address may talk to the server's address. */
  boolean admits(InetAddress client, InetAddress server) {
    return client.isLoopbackAddress()
        || client.equals(server)
        || blocks.stream().anyMatch(block -> block.contains(client.getAddress()));
  }

  @Override
  public String toString() {
    return blocks.stream().map(Block::text).collect(Collectors.joining(", "));
  }

  /**
   * Addresses with the same first bits. IPv4 addresses mapped to IPv6 count as IPv4.
   *
   * @param text as given
   */
  private record Block(String text, byte[] address, int bits) {
    static Block parse(String cidr) {
      String[] parts = cidr.strip().split("/", 2);
      try {
        if (!LITERAL.matcher(parts[0]).matches()) { // else a name would be looked up
          throw new UnknownHostException(parts[0]);
        }
        InetAddress address = InetAddress.getByName(parts[0]);
        int all = 8 * address.getAddress().length;
        int mapped = address instanceof Inet4Address && parts[0].contains(":") ? 96 : 0;
        int bits = parts.length == 1 ? all : Integer.parseInt(parts[1]) - mapped;
        if (bits >= 0 && bits <= all) {
          return new Block(cidr.strip(), address.getAddress(), bits);
        }
      } catch (UnknownHostException | NumberFormatException e) {
        // below
      }
      throw new IllegalArgumentException(
          "--allow=" + cidr + ", expected addresses such as 192.168.1.0/24 or fd00::/8");
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        if ((((address[bit / 8] ^ other[bit / 8]) >> (7 - bit % 8)) & 1) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
