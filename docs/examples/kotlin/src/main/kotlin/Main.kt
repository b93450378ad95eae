// SPDX-License-Identifier: Apache-2.0
import io.github.rouse.Rouse
import io.github.rouse.audio.capture.AudioUnavailableException
import io.github.rouse.model.WakeModel
import kotlin.system.exitProcess

/** Prints the words that the microphone hears, until Enter is pressed: `MainKt [WORD...]`. */
fun main(args: Array<String>) {
  val words = args.ifEmpty { arrayOf("alexa", "computer", "jarvis") }
  val models = words.map { WakeModel.named(it) }
  val listener =
    try {
      Rouse.listen(*models.toTypedArray())
        .onEvent { println("%s, score %.2f".format(it.word, it.score)) }
        .onDeviceLost { println("microphone lost: $it") }
        .onDeviceRegained { println("microphone back") }
        .start()
    } catch (e: AudioUnavailableException) {
      System.err.println(e.message)
      exitProcess(1)
    }
  listener.use {
    println("Say ${words.joinToString(" or ")}. Enter ends.")
    readlnOrNull()
  }
}
