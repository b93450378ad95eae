// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.file.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The secret that clients must know. Programs send it as {@code Authorization: Bearer TOKEN}. A
 * page logs in with it once and gets a cookie, because EventSource and WebSocket send no headers.
 * Cookies are valid until the server ends.
 */
final class WebToken {
  private static final String COOKIE = "rouse";
  private static final int LEAST = 16; // characters

  private final byte[] token;
  private final String session;

  private WebToken(byte[] token) {
    this.token = token;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    session = HexFormat.of().formatHex(random);
  }

  /**
   * Reads a token, the first line of a file.
   *
   * @throws IOException if there is none, it is too short to be a secret, or the file is too long
   */
  static WebToken read(Path file) throws IOException {
    String token = TextFile.firstLine(file).strip();
    if (token.length() < LEAST) {
      throw new IOException(
          file + ": the token has " + token.length() + " characters, expected at least " + LEAST);
    }
    return new WebToken(token.getBytes(StandardCharsets.UTF_8));
  }

  boolean matches(String other) {
    return MessageDigest.isEqual(token, other.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the request carries the token in its header. */
  boolean isHeaderOf(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return header != null && header.startsWith("Bearer ") && matches(header.substring(7).strip());
  }

  /** Whether the request carries the cookie of a login. */
  boolean isCookieOf(Request request) {
    return Request.getCookies(request).stream()
        .anyMatch(
            cookie ->
                cookie.getName().equals(COOKIE)
                    && MessageDigest.isEqual(
                        session.getBytes(StandardCharsets.US_ASCII),
                        cookie.getValue().getBytes(StandardCharsets.UTF_8)));
  }

  /** The cookie of a login. */
  HttpCookie cookie(boolean secure) {
    return HttpCookie.build(COOKIE, session)
        .path("/")
        .httpOnly(true)
        .secure(secure)
        .sameSite(HttpCookie.SameSite.STRICT)
        .build();
  }
}
