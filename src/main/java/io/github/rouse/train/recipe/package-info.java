// SPDX-License-Identifier: Apache-2.0
/**
 * The settings of a training run ({@link io.github.rouse.train.recipe.Recipe}) and their YAML form
 * ({@link io.github.rouse.train.recipe.RecipeFile}).
 *
 * <p>Uses {@code feature}, {@code trigger} and {@code yaml}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.recipe;
