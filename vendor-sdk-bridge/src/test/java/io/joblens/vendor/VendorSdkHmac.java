package io.joblens.vendor;

import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpRequest;
import io.joblens.spi.Credentials;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Huawei Cloud's own signer, which keeps its intermediate strings. */
final class VendorSdkHmac extends AKSKSigner {
  private String canonicalRequest = "";
  private String stringToSign = "";

  /** Signs and returns the headers that the vendor adds, by lower-case name. */
  Map<String, String> sign(HttpRequest request, Credentials.AccessKey key) {
    BasicCredentials credentials = new BasicCredentials().withAk(key.id()).withSk(key.secret());
    Map<String, String> headers = new HashMap<>();
    super.sign(request, credentials)
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }

  String canonicalRequest() {
    return canonicalRequest;
  }

  String stringToSign() {
    return stringToSign;
  }

  @Override
  protected String buildCanonicalRequest(String... parts) {
    canonicalRequest = super.buildCanonicalRequest(parts);
    return canonicalRequest;
  }

  @Override
  protected String buildStringToSign(String... parts) {
    stringToSign = super.buildStringToSign(parts);
    return stringToSign;
  }

  /**
   * Returns the request with a URL whose path is exactly this, decoded, and which has no query: the
   * signer encodes what it finds in the path, and would sign names of the URL's query a second
   * time.
   */
  static HttpRequest withPath(HttpRequest request, String host, String path) {
    URL url = url(host, path);
    return (HttpRequest)
        Proxy.newProxyInstance(
            HttpRequest.class.getClassLoader(),
            new Class<?>[] {HttpRequest.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getUrl")) {
                return url;
              }
              try {
                return method.invoke(request, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static URL url(String host, String path) {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected void parseURL(URL url, String spec, int start, int limit) {
            setURL(url, "https", host, -1, host, null, path, null, null);
          }

          @Override
          protected URLConnection openConnection(URL url) {
            throw new UnsupportedOperationException();
          }
        };
    try {
      return new URL(null, "https:", handler);
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
