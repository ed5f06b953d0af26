package io.joblens.spi;

/**
 * Where a provider's requests go, for documentation.
 *
 * @param regions which regions it is about
 * @param host the public host, with {@code REGION} for the region
 * @param vpcHost the host for the vendor's private networks; blank where there is none
 */
public record EndpointRule(String regions, String host, String vpcHost) {}
