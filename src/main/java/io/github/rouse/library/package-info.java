// SPDX-License-Identifier: Apache-2.0
/**
 * The libraries that programs may leave out. {@link io.github.rouse.library.Library#require} names
 * the dependency to add, before a class that needs it is loaded. Uses no other room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.library;
