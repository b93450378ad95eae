// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedTest {
  private static boolean admits(String cidr, String client) throws UnknownHostException {
    return new Allowed(List.of(cidr))
        .admits(InetAddress.getByName(client), InetAddress.getByName("192.168.1.2"));
  }

  @Test
  void aBlockAdmitsItsAddresses() throws UnknownHostException {
    assertTrue(admits("192.168.4.0/22", "192.168.7.255"));
    assertFalse(admits("192.168.4.0/22", "192.168.8.0"));
    assertTrue(admits("10.1.2.3", "10.1.2.3"));
    assertFalse(admits("10.1.2.3", "10.1.2.2"));
    assertTrue(admits("0.0.0.0/0", "8.8.8.8"));
    assertFalse(admits("0.0.0.0/0", "2001:db8::1"));
    assertTrue(admits("fd00::/8", "fdff::1"));
    assertFalse(admits("fd00::/8", "fe80::1"));
    assertTrue(admits("2001:db8::/33", "2001:db8:7fff::1"));
    assertFalse(admits("2001:db8::/33", "2001:db8:8000::1"));
    assertFalse(admits("::/0", "8.8.8.8"));
  }

  @Test
  void mappedAddressesAreIpv4() throws UnknownHostException {
    assertTrue(admits("192.168.1.0/24", "::ffff:192.168.1.9"));
    assertFalse(admits("192.168.1.0/24", "::ffff:192.168.2.9"));
    assertTrue(admits("::ffff:192.168.1.0/120", "192.168.1.9"));
    assertFalse(admits("::ffff:192.168.1.0/120", "192.168.2.9"));
  }

  @Test
  void thisMachineIsAlwaysAdmitted() throws UnknownHostException {
    assertTrue(admits("10.0.0.0/8", "127.0.0.1"));
    assertTrue(admits("10.0.0.0/8", "::1"));
    assertTrue(admits("10.0.0.0/8", "192.168.1.2")); // its own address
    assertFalse(admits("10.0.0.0/8", "192.168.1.3"));
  }

  @Test
  void whatIsNoBlockIsNamed() {
    for (String wrong :
        List.of(
            "",
            "/",
            "localhost/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/x",
            "::/129",
            "10.0.0.0/",
            "::ffff:10.0.0.0/95")) {
      assertEquals(
          "--allow=" + wrong + ", expected addresses such as 192.168.1.0/24 or fd00::/8",
          assertThrows(IllegalArgumentException.class, () -> new Allowed(List.of(wrong)))
              .getMessage());
    }
  }
}
