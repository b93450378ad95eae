// SPDX-License-Identifier: Apache-2.0
import io.github.rouse.Detector
import io.github.rouse.Rouse
import io.github.rouse.audio.Channel
import io.github.rouse.audio.capture.AudioUnavailableException
import io.github.rouse.model.Engine
import io.github.rouse.model.WakeModel
import java.nio.file.Path
import java.time.Duration

/** The same types from Kotlin: scans a file, feeds silence, and asks for a device that is not there. */
fun main(args: Array<String>) {
  val alexa = WakeModel.named("alexa").withFalseAlarmsPerHour(0.5)
  Rouse.scan(alexa, Path.of(args[0])).forEach { println(it.word) }
  Detector(alexa) { println(it.word) }.use { it.accept(ShortArray(16_000), 0, 16_000) }
  Detector(listOf(alexa), 8_000, Engine.NATIVE) { println(it.word) }.use { it.acceptBytes(ByteArray(8_000), 0, 8_000) }
  try {
    Rouse.listen(alexa)
      .device("none@nowhere")
      .channel(Channel.BEST)
      .refractory(Duration.ofSeconds(2))
      .onEvent { println(it.word) }
      .onNearMiss { println("almost ${it.word}") }
      .onDeviceLost { println(it) }
      .onDeviceRegained { println(it) }
      .onError { it.printStackTrace() }
      .onSamples { _, _, length -> println(length) }
      .start()
      .use { println(it.isListening) }
  } catch (e: AudioUnavailableException) {
    println("no such device")
  }
}
