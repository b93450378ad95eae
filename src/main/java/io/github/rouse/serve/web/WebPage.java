// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The page and its parts, from the class path. */
final class WebPage extends Handler.Abstract.NonBlocking {
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

  /** Content type by path; no other file is served. */
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("/", "text/html; charset=utf-8"),
          Map.entry("/page.css", "text/css; charset=utf-8"),
          Map.entry("/page.js", JAVASCRIPT),
          Map.entry("/sound.js", JAVASCRIPT),
          Map.entry("/capture.js", JAVASCRIPT),
          Map.entry("/icon.svg", "image/svg+xml"));

  private static final Set<String> READING = Set.of("GET", "HEAD");

  static boolean isPart(String path) {
    return PARTS.containsKey(path);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String path = Request.getPathInContext(request);
    String type = PARTS.get(path);
    if (type == null) {
      return false;
    }
    if (!READING.contains(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Answer.error(
          HttpStatus.METHOD_NOT_ALLOWED_405, path + " takes GET, HEAD", response, callback);
      return true;
    }
    byte[] bytes;
    try (InputStream in = WebPage.class.getResourceAsStream("page" + file(path))) {
      if (in == null) {
        return false;
      }
      bytes = in.readAllBytes();
    }
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    boolean body = request.getMethod().equals("GET");
    response.write(true, body ? ByteBuffer.wrap(bytes) : null, callback);
    return true;
  }

  private static String file(String path) {
    return path.equals("/") ? "/index.html" : path;
  }
}
