package io.joblens.spi;

import io.joblens.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * Where requests go.
 *
 * @param scheme {@code https}, or {@code http} where that was allowed
 * @param authority host and, unless it is the scheme's own, port
 */
public record Endpoint(String scheme, String authority) {

  /** How far an endpoint that the user gives may lead. */
  public enum Trust {
    /** https to the vendor's domains; http and https to loopback. */
    VENDOR_ONLY,
    /** Also https to any other host. */
    FOREIGN_HOSTS,
    /** Also plain http to any host: whoever is on the way can read and replay requests. */
    FOREIGN_HOSTS_AND_PLAIN_HTTP
  }

  /** Returns the https endpoint of a host that a provider built from validated labels. */
  public static Endpoint https(String host) {
    for (String label : host.split("\\.", -1)) {
      Hosts.requireLabel("host", label);
    }
    return new Endpoint("https", host);
  }

  /**
   * Reads an endpoint that the user gave, {@code https://host[:port]} or just the host.
   *
   * @param vendorDomains the domains that belong to the vendor, each without a leading dot
   * @throws ConfigException saying what is wrong and what to give instead; user info in the text is
   *     never repeated
   */
  public static Endpoint parse(String text, List<String> vendorDomains, Trust trust) {
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "https://" + text);
    } catch (URISyntaxException e) {
      throw invalid("is no URL");
    }
    if (uri.isOpaque() || uri.getScheme() == null) {
      throw invalid("is no URL");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
    if (host.isEmpty() || uri.getRawUserInfo() != null) {
      throw invalid("has no host name, or more than one before the path");
    }
    if (!bare || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid("has a path, query or fragment");
    }
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw invalid("has a scheme other than https");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw invalid("has a port outside 1 to 65535");
    }
    if (!Hosts.isLoopback(host)) {
      for (String label : host.split("\\.", -1)) {
        if (!Hosts.isLabel(label)) {
          throw invalid("has a host that is no DNS name");
        }
      }
      if (scheme.equals("http") && trust != Trust.FOREIGN_HOSTS_AND_PLAIN_HTTP) {
        throw invalid("is plain http to a host other than this machine; use https");
      }
      if (trust == Trust.VENDOR_ONLY && vendorDomains.stream().noneMatch(d -> isWithin(host, d))) {
        throw invalid(
            "leads to a host outside "
                + String.join(", ", vendorDomains)
                + "; set allow-foreign-endpoint if requests and credentials may go there");
      }
    }
    boolean usual = uri.getPort() == -1 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
    return new Endpoint(scheme, usual ? host : host + ":" + uri.getPort());
  }

  private static boolean isWithin(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }

  private static ConfigException invalid(String problem) {
    return new ConfigException(
        "endpoint " + problem + "; expected https://host or https://host:port");
  }

  @Override
  public String toString() {
    return scheme + "://" + authority;
  }
}
