/**
 * Advice on a word before it is recorded: how it sounds, what it is taken for, what would do
 * better.
 *
 * <p>Uses {@code train} for espeak-ng's phonemes and no other room; only {@code cli} uses this one.
 */
package io.github.rouse.advice;
