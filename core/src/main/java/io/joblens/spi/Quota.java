package io.joblens.spi;

/**
 * The thing that a vendor limits, as the vendor states it. Core puts the account before the key, so
 * that clouds of one account share it and different accounts do not.
 *
 * @param key provider and, where the vendor counts by them, region and operation
 * @param rate the vendor's limit, used unless the user configured a share of it
 */
public record Quota(String key, Rate rate) {}
