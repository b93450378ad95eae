// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that opens a javax.sound capture line. On a machine without a microphone, {@code
 * src/test/scripts/with-microphone mvn ...} creates one and sets {@code ROUSE_TEST_SINK} to the
 * sink that feeds it. Without that variable the line is a real microphone.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("microphone")
@ExtendWith(NeedsCondition.class)
public @interface NeedsMicrophone {}
