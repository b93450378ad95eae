// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's certificate and its private key.
 *
 * @param keys with one entry, under {@link #PASSWORD}
 * @param fingerprint SHA-256 of the certificate, for whoever compares it with the browser's
 */
public record TlsIdentity(KeyStore keys, String fingerprint) {
  /** Of the key store in memory, and of the file that only its owner may read. */
  static final String PASSWORD = "rouse-tls";

  private static final String ENTRY = "rouse";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /**
   * Reads a certificate chain and its key, both PEM.
   *
   * @throws IOException naming the file that is not what it should be
   */
  public static TlsIdentity read(Path certificate, Path key) throws IOException {
    Certificate[] chain;
    try (InputStream in = Files.newInputStream(certificate)) {
      Collection<? extends Certificate> read =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      chain = read.toArray(Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + ": is no certificate in PEM", e);
    }
    if (chain.length == 0) {
      throw new IOException(certificate + ": holds no certificate");
    }
    Matcher pem = KEY.matcher(TextFile.read(key));
    if (!pem.find()) {
      throw new IOException(
          key
              + ": holds no PKCS #8 key; `openssl pkcs8 -topk8 -nocrypt -in "
              + key
              + "` makes one");
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          ENTRY, key(bytes, chain[0].getPublicKey().getAlgorithm()), PASSWORD.toCharArray(), chain);
      return of(keys);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(key + ": does not fit " + certificate + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(byte[] bytes, String algorithm) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (InvalidKeySpecException e) {
      throw new GeneralSecurityException("expected a key for " + algorithm, e);
    }
  }

  /**
   * The certificate of this machine alone, made by {@code keytool} the first time and kept in a
   * file that only its owner may read.
   */
  public static TlsIdentity ofThisMachine(Path file) throws IOException {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      return of(keys);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": is no key store of ours; remove it to get another", e);
    }
  }

  private static void make(Path file) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path aside = folder.resolve("." + file.getFileName() + ".new");
    Files.deleteIfExists(aside);
    String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ENTRY,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "3650",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=dns:" + name + ",dns:localhost,ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            aside.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said;
    try (InputStream out = process.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    if (!Files.exists(aside)) {
      throw new IOException("keytool made no certificate: " + said);
    }
    if (Files.getFileStore(aside).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
    }
    AtomicFile.commit(aside, file);
  }

  private static TlsIdentity of(KeyStore keys) throws GeneralSecurityException {
    byte[] certificate = keys.getCertificate(ENTRY).getEncoded();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate);
    return new TlsIdentity(keys, HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest));
  }
}
