// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that reads openWakeWord's published models from {@code target/openwakeword}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("openwakeword")
@ExtendWith(NeedsCondition.class)
public @interface NeedsOpenWakeWord {}
