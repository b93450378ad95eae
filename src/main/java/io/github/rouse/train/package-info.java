/**
 * From recordings to a model: data synthesis, back-propagation through time, optimisers.
 *
 * <p>Each layer of {@code nn} has a {@code *Gradient} here. May use every room but {@code advice},
 * {@code eval}, {@code serve} and {@code cli}; nothing that listens or scans uses this room.
 */
package io.github.rouse.train;
