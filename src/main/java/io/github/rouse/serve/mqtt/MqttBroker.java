// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import io.github.rouse.file.TextFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where a broker is, and how to log in.
 *
 * @param url without a user, such as {@code mqtts://broker:8883}
 * @param user null for none
 * @param password null for none
 * @param trusted makes the sockets of {@code mqtts}; null for those of the system's authorities
 */
public record MqttBroker(URI url, String user, String password, SSLSocketFactory trusted) {
  private static final int PORT = 1883;
  private static final int TLS_PORT = 8883;

  /**
   * Reads the settings.
   *
   * @param url {@code mqtt://} or {@code mqtts://}, with or without a user and a port
   * @param passwordFile whose first line is the password; null for none
   * @param authorities file of the certificates (PEM) to trust; null for the system's
   * @throws IllegalArgumentException if the URL is wrong, without the password that it may hold
   */
  public static MqttBroker of(URI url, Path passwordFile, Path authorities) throws IOException {
    String scheme = String.valueOf(url.getScheme());
    boolean tls = scheme.equals("mqtts");
    String user = url.getUserInfo();
    if (user != null && user.contains(":")) {
      throw new IllegalArgumentException(
          "--mqtt: the URL holds a password, which others on this machine can read; put it into a"
              + " file: --mqtt-password FILE");
    }
    if (!(tls || scheme.equals("mqtt"))
        || url.getHost() == null
        || !(url.getPath().isEmpty() || url.getPath().equals("/"))
        || url.getQuery() != null) {
      throw new IllegalArgumentException("mqtt=" + url + ", expected mqtt(s)://[USER@]HOST[:PORT]");
    }
    if (passwordFile != null && user == null) {
      throw new IllegalArgumentException(
          "--mqtt-password: the URL names no user, expected mqtt(s)://USER@HOST");
    }
    if (authorities != null && !tls) {
      throw new IllegalArgumentException("--mqtt-ca: only for mqtts://");
    }
    int port = url.getPort() > 0 ? url.getPort() : tls ? TLS_PORT : PORT;
    return new MqttBroker(
        URI.create(scheme + "://" + url.getHost() + ":" + port),
        user,
        passwordFile == null ? null : password(passwordFile),
        authorities == null ? null : trusting(authorities));
  }

  private static String password(Path file) throws IOException {
    String password = TextFile.firstLine(file);
    if (password.isEmpty()) {
      throw new IOException(file + ": has no password in its first line");
    }
    return password;
  }

  private static SSLSocketFactory trusting(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      if (number == 0) {
        throw new IOException(file + ": has no certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": not certificates in PEM: " + e.getMessage(), e);
    }
  }

  /** The URL in the scheme of Paho. */
  String pahoUrl() {
    String scheme = url.getScheme().equals("mqtts") ? "ssl" : "tcp";
    return scheme + "://" + url.getHost() + ":" + url.getPort();
  }

  /** Where it is and who logs in, without the password. */
  @Override
  public String toString() {
    return url.toString().replace("://", user == null ? "://" : "://" + user + "@");
  }
}
