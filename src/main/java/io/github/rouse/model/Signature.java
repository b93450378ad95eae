// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static java.nio.file.StandardOpenOption.CREATE_NEW;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Ed25519 signatures (RFC 8032) of model files. A signature covers everything but itself and is
 * stored in the metadata as {@code rouse.signature}. Keys are PEM files, compatible with OpenSSL.
 *
 * <pre>{@code
 * Signature.sign(path, Path.of("private.pem"));
 * WakeModel signed = WakeModel.read(path, Signature.publicKey(Path.of("public.pem")));
 * }</pre>
 */
public final class Signature {
  private static final String KEY = "rouse.signature";
  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE = "PRIVATE KEY"; // PKCS #8
  private static final String PUBLIC = "PUBLIC KEY"; // X.509

  private Signature() {}

  /**
   * Generates a key pair.
   *
   * @throws IOException if a file exists; it is not overwritten
   */
  public static void makeKeys(Path privateKey, Path publicKey) throws IOException {
    KeyPair pair;
    try {
      pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java from 15 on has " + ALGORITHM, e);
    }
    for (Path file : List.of(privateKey, publicKey)) {
      if (Files.exists(file)) {
        throw new IOException(file + ": exists; not overwritten");
      }
    }
    Files.write(publicKey, pem(PUBLIC, pair.getPublic().getEncoded()), CREATE_NEW);
    if (Files.getFileStore(publicKey).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(privateKey, PosixFilePermissions.asFileAttribute(owner));
    }
    Files.write(privateKey, pem(PRIVATE, pair.getPrivate().getEncoded()));
  }

  /**
   * Signs a model file in place.
   *
   * @throws IOException if the file is not ONNX, or the key is not an Ed25519 private key
   */
  public static void sign(Path model, Path privateKey) throws IOException {
    ModelProto unsigned = unsigned(OnnxFile.read(model));
    byte[] signature;
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(der(privateKey, PRIVATE)));
      java.security.Signature signer = java.security.Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(unsigned.toByteArray());
      signature = signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException(privateKey + ": not an " + ALGORITHM + " private key", e);
    }
    ModelProto.Builder signed = unsigned.toBuilder();
    Metadata.add(signed, KEY, Base64.getEncoder().encodeToString(signature));
    AtomicFile.write(model, signed.build()::writeTo);
  }

  /**
   * Reads a public key.
   *
   * @throws IOException if the file is not an Ed25519 public key
   */
  public static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(der(file, PUBLIC)));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": not an " + ALGORITHM + " public key", e);
    }
  }

  /** Whether a file carries a signature, valid or not. */
  public static boolean claimed(Path file) throws IOException {
    return OnnxFile.read(file).getMetadataPropsList().stream()
        .anyMatch(entry -> entry.getKey().equals(KEY));
  }

  /** Rejects a model that this key has not signed, or that was changed afterwards. */
  static void check(ModelProto model, PublicKey key, Path path) throws ModelFormatException {
    String text =
        model.getMetadataPropsList().stream()
            .filter(entry -> entry.getKey().equals(KEY))
            .map(StringStringEntryProto::getValue)
            .findFirst()
            .orElseThrow(() -> new ModelFormatException(path, "", "is not signed"));
    boolean holds;
    try {
      java.security.Signature verifier = java.security.Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(unsigned(model).toByteArray());
      holds = verifier.verify(Base64.getDecoder().decode(text));
    } catch (InvalidKeyException | NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("key=" + key + ", expected an " + ALGORITHM + " key", e);
    } catch (SignatureException | IllegalArgumentException e) {
      holds = false; // not even a signature
    }
    if (!holds) {
      throw new ModelFormatException(
          path, KEY, "invalid signature: signed with another key, or changed since");
    }
  }

  private static ModelProto unsigned(ModelProto model) {
    ModelProto.Builder unsigned = model.toBuilder().clearMetadataProps();
    model.getMetadataPropsList().stream()
        .filter(entry -> !entry.getKey().equals(KEY))
        .forEach(unsigned::addMetadataProps);
    return unsigned.build();
  }

  private static byte[] pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return String.format("-----BEGIN %s-----%n%s%n-----END %s-----%n", kind, text, kind)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(Path file, String kind) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN " + kind + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + kind + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + ": no PEM block " + kind);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
