package io.github.rouse;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that opens a javax.sound capture line. {@code src/test/scripts/with-microphone mvn ...}
 * makes one on a machine without a microphone, and names in {@code ROUSE_TEST_SINK} what to play
 * into; without that variable the line is somebody's real microphone.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("microphone")
@ExtendWith(NeedsCondition.class)
public @interface NeedsMicrophone {}
