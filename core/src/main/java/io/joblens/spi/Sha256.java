package io.joblens.spi;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * SHA-256 and HMAC-SHA256, which all signing schemes are made of. Each thread keeps one instance of
 * each, because making them costs more than a request's hashing does.
 */
public final class Sha256 {
  private static final String HMAC = "HmacSHA256";
  private static final HexFormat HEX = HexFormat.of();

  private static final ThreadLocal<MessageDigest> DIGESTS =
      ThreadLocal.withInitial(
          () -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("every Java platform has SHA-256", e);
            }
          });

  private static final ThreadLocal<Mac> MACS =
      ThreadLocal.withInitial(
          () -> {
            try {
              return Mac.getInstance(HMAC);
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("every Java platform has " + HMAC, e);
            }
          });

  private Sha256() {}

  /** Returns the hash in lower-case hex. */
  public static String hex(byte[] bytes) {
    return HEX.formatHex(DIGESTS.get().digest(bytes));
  }

  /** Returns the hash of the text's UTF-8 form in lower-case hex. */
  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the HMAC of the text's UTF-8 form; the key is not empty. */
  public static byte[] hmac(byte[] key, String text) {
    Mac mac = MACS.get();
    try {
      mac.init(new SecretKeySpec(key, HMAC));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " takes any key", e);
    }
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the HMAC under the key's UTF-8 form in lower-case hex. */
  public static String hmacHex(String key, String text) {
    return HEX.formatHex(hmac(key.getBytes(StandardCharsets.UTF_8), text));
  }
}
