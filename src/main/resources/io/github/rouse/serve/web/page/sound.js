// The browser's microphone, the last seconds of its sound, and their pictures.

const KEPT_SECONDS = 12;

/** Why this page can have no microphone; empty if it can. */
export function microphoneProblem() {
  if (window.isSecureContext && navigator.mediaDevices) {
    return '';
  }
  return 'Browsers give a microphone only to pages on localhost or over HTTPS. Start Rouse with '
    + '--tls self and open this page with https://, or use the microphone of the machine.';
}

/** Captures the microphone as the browser delivers it, without its filters. */
export class BrowserMicrophone {
  /** Opens it; onBlock takes Float32Arrays. */
  async open(onBlock) {
    this.media = await navigator.mediaDevices.getUserMedia({audio: {
      channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule('capture.js');
    await this.context.resume();
    const source = this.context.createMediaStreamSource(this.media);
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.analyser.smoothingTimeConstant = 0;
    this.worklet = new AudioWorkletNode(this.context, 'capture', {numberOfOutputs: 0});
    this.recent = new Recent(this.context.sampleRate);
    this.worklet.port.onmessage = message => {
      this.recent.add(message.data);
      onBlock(message.data);
    };
    source.connect(this.analyser);
    source.connect(this.worklet);
    return this.context.sampleRate;
  }

  close() {
    this.worklet?.port.close();
    this.media?.getTracks().forEach(track => track.stop());
    this.context?.close();
  }
}

/** The last seconds of a sound. */
class Recent {
  constructor(rate) {
    this.rate = rate;
    this.ring = new Float32Array(KEPT_SECONDS * rate);
    this.position = 0; // samples since the start
  }

  add(block) {
    for (const sample of block) {
      this.ring[this.position++ % this.ring.length] = sample;
    }
  }

  /** The samples between two times in seconds, as far as they are still there. */
  between(start, end) {
    const oldest = Math.max(0, this.position - this.ring.length);
    const from = Math.max(oldest, Math.round(start * this.rate));
    const to = Math.min(this.position, Math.round(end * this.rate));
    const samples = new Float32Array(Math.max(0, to - from));
    for (let i = 0; i < samples.length; i++) {
      samples[i] = this.ring[(from + i) % this.ring.length];
    }
    return samples;
  }

  get seconds() {
    return this.position / this.rate;
  }
}

/** Samples as 16 bits, little-endian. */
export function pcm16(samples) {
  const bytes = new DataView(new ArrayBuffer(2 * samples.length));
  samples.forEach((sample, i) =>
    bytes.setInt16(2 * i, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true));
  return bytes.buffer;
}

/** A WAV file of 16 bits. */
export function wav(samples, rate) {
  const data = pcm16(samples);
  const head = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((c, i) => head.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF');
  head.setUint32(4, 36 + data.byteLength, true);
  text(8, 'WAVEfmt ');
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, 2 * rate, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  text(36, 'data');
  head.setUint32(40, data.byteLength, true);
  return new Blob([head, data], {type: 'audio/wav'});
}

/** Plays samples, or the audio file behind an address. */
export async function play(samples, rate) {
  const context = new AudioContext();
  let buffer;
  if (typeof samples === 'string') {
    const answer = await fetch(samples);
    buffer = await context.decodeAudioData(await answer.arrayBuffer());
  } else {
    buffer = context.createBuffer(1, Math.max(1, samples.length), rate);
    buffer.copyToChannel(samples, 0);
  }
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.onended = () => context.close();
  source.start();
}

/** Pictures that scroll from right to left. */
export class Scroll {
  constructor(wave, spectrum) {
    this.canvases = [wave, spectrum];
    for (const canvas of this.canvases) {
      canvas.width = 600;
    }
    this.wave = wave.getContext('2d');
    this.spectrum = spectrum.getContext('2d', {willReadFrequently: true});
    this.column = null;
  }

  /** Adds a column: the peak, 0 to 1, and, if there is an analyser, its spectrum. */
  add(peak, analyser, rate) {
    const colour = getComputedStyle(document.body).getPropertyValue('--strong');
    for (const context of [this.wave, this.spectrum]) {
      const {width, height} = context.canvas;
      context.globalCompositeOperation = 'copy';
      context.drawImage(context.canvas, -2, 0);
      context.globalCompositeOperation = 'source-over';
      context.clearRect(width - 2, 0, 2, height);
    }
    const {width, height} = this.wave.canvas;
    const size = Math.max(1, Math.min(1, Math.sqrt(peak)) * height);
    this.wave.fillStyle = colour;
    this.wave.fillRect(width - 2, (height - size) / 2, 2, size);
    if (analyser) {
      this.column ??= new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(this.column);
      const high = Math.min(this.column.length, Math.round(8000 / (rate / 2) * this.column.length));
      const rows = this.spectrum.canvas.height;
      for (let y = 0; y < rows; y++) {
        const level = (this.column[Math.floor((rows - 1 - y) / rows * high)] + 100) / 70;
        this.spectrum.globalAlpha = Math.max(0, Math.min(1, level));
        this.spectrum.fillStyle = colour;
        this.spectrum.fillRect(width - 2, y, 2, 1);
      }
      this.spectrum.globalAlpha = 1;
    }
  }
}
