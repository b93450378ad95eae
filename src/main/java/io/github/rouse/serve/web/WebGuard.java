// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.Limits;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Turns away what other pages in the user's browser, or strangers, send. Every request must name
 * this server as its host, a page's own requests must come from this server's page, and a request
 * that changes something needs a content type that no form can send, or the token. It runs behind
 * {@link ShortBodies} and limits the number of longer bodies, and of those of unknown length.
 */
final class WebGuard extends Handler.Wrapper {
  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final Set<String> OPEN = Set.of("/health", "/api/login"); // without a token

  private final HostNames names;
  private final WebToken token; // null if none is asked for
  private final Semaphore bodies = new Semaphore(Limits.BODIES);

  WebGuard(HostNames names, WebToken token, Handler inside) {
    super(inside);
    this.names = names;
    this.token = token;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable answered = response.getHeaders();
    answered.put("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'");
    answered.put("X-Content-Type-Options", "nosniff");
    answered.put("Referrer-Policy", "no-referrer");
    answered.put("Cross-Origin-Resource-Policy", "same-origin");
    String refusal = refusal(request);
    if (refusal != null) {
      Answer.error(HttpStatus.FORBIDDEN_403, refusal, response, callback);
      return true;
    }
    if (changes(request)
        && !hasSafeType(request)
        && !(token != null && token.isHeaderOf(request))) {
      Answer.error(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
          "expected the content type application/json, application/octet-stream or audio/*",
          response,
          callback);
      return true;
    }
    if (!isLoggedIn(request)) {
      answered.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
      Answer.error(HttpStatus.UNAUTHORIZED_401, "the token is needed", response, callback);
      return true;
    }
    return isShort(request)
        ? super.handle(request, response, callback)
        : handleLong(request, response, callback);
  }

  /** Whether the request has no body, or one that {@link ShortBodies} has read. */
  private static boolean isShort(Request request) {
    long length = request.getLength(); // -1 if no header states it
    boolean isUnknown = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    return !changes(request) || (!isUnknown && length <= Limits.SHORT_BODY);
  }

  /** Limits longer bodies: each holds a thread, and slow clients must not hold them all. */
  private boolean handleLong(Request request, Response response, Callback callback)
      throws Exception {
    if (!bodies.tryAcquire()) {
      String reason = "the server is busy with " + Limits.BODIES + " other files; try again";
      Answer.error(HttpStatus.SERVICE_UNAVAILABLE_503, reason, response, callback);
      return true;
    }
    try {
      return super.handle(request, response, callback);
    } finally {
      bodies.release();
    }
  }

  /** Why the request must not come in; null if it may. */
  private String refusal(Request request) {
    HttpFields headers = request.getHeaders();
    String bound = Request.getLocalAddr(request);
    if (headers.getCSV(HttpHeader.HOST, false).size() > 1
        || !names.allowHost(headers.get(HttpHeader.HOST), bound)) {
      return "this host name is not allowed here; rouse serve --allow-host NAME allows one";
    }
    int port = Request.getLocalPort(request);
    for (String origin : headers.getValuesList(HttpHeader.ORIGIN)) {
      if (!names.allowOrigin(origin, bound, port)) {
        return "pages of this origin may not use this server";
      }
    }
    return null;
  }

  private static boolean changes(Request request) {
    return !READS.contains(request.getMethod());
  }

  private static boolean hasSafeType(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null) {
      return HttpMethod.DELETE.is(request.getMethod()); // which no form sends
    }
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return bare.equals("application/json")
        || bare.equals("application/octet-stream")
        || bare.startsWith("audio/");
  }

  private boolean isLoggedIn(Request request) {
    String path = Request.getPathInContext(request);
    boolean needed = !OPEN.contains(path) && !WebPage.isPart(path);
    return token == null || !needed || token.isHeaderOf(request) || token.isCookieOf(request);
  }
}
