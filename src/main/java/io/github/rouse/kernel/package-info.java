/**
 * Flat float loops: the arithmetic everything in {@code nn} is made of.
 *
 * <p>Every sum runs over its inputs in one fixed order with fused multiply-adds, so a result never
 * depends on blocking, batching or chunking. This room uses no other room.
 */
package io.github.rouse.kernel;
