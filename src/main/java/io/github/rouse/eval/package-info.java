/**
 * What a model does, as numbers and pictures. May use every room but {@code train}, {@code serve}
 * and {@code cli}.
 */
package io.github.rouse.eval;
