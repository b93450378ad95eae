// Microphones, the last seconds of their sound, and its pictures.

const KEPT_SECONDS = 12;

/** Why this page can have no microphone; empty if it can. */
export function microphoneProblem() {
  if (window.isSecureContext && navigator.mediaDevices) {
    return '';
  }
  return 'Browsers give a microphone only to pages on localhost or over HTTPS. Start Rouse with '
    + '--tls self and open this page with https://, or use the microphone of the machine.';
}

/**
 * Captures the browser's microphone as it is delivered, without the browser's filters. The detector's
 * time 0 is at `begun` seconds of the recent sound.
 */
export class BrowserMicrophone {
  /** Opens it. */
  async open() {
    this.media = await navigator.mediaDevices.getUserMedia({audio: {
      channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule('capture.js');
    await this.context.resume();
    this.worklet = new AudioWorkletNode(this.context, 'capture', {numberOfOutputs: 0});
    this.recent = new Recent(this.context.sampleRate);
    this.worklet.port.onmessage = message => {
      this.recent.add(message.data);
      if (this.socket?.readyState !== WebSocket.OPEN) {
        return;
      }
      if (this.socket.bufferedAmount < 1 << 20) {
        this.socket.send(pcm16(message.data));
      } else { // the detector's time stands still meanwhile
        this.begun += message.data.length / this.recent.rate;
      }
    };
    this.context.createMediaStreamSource(this.media).connect(this.worklet);
  }

  /** Sends its sound to the server. onMessage takes what is detected, onLost that the server is gone. */
  connect(onMessage, onLost) {
    this.disconnect();
    const socket = new WebSocket(address(`api/listen?rate=${this.recent.rate}&format=s16`));
    socket.addEventListener('open', () => this.begun = this.recent.seconds);
    socket.addEventListener('message', message => onMessage(JSON.parse(message.data)));
    socket.addEventListener('close', () => this.socket === socket && onLost());
    this.socket = socket;
  }

  /** Ends detection; the sound goes on. */
  disconnect() {
    const open = this.socket;
    this.socket = null;
    open?.close();
  }

  close() {
    this.disconnect();
    this.worklet?.port.close();
    this.media?.getTracks().forEach(track => track.stop());
    this.context?.close();
  }
}

/** The microphone of the machine that runs Rouse, which detects in it all the time. */
export class MachineMicrophone {
  /** Begins to hear it. */
  async open() {
    const socket = new WebSocket(address('api/microphone'));
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    await new Promise((ready, failed) => {
      socket.addEventListener('message', message => {
        if (message.data instanceof ArrayBuffer) {
          this.recent.add(Float32Array.from(new Int16Array(message.data), value => value / 32768));
          return;
        }
        const parsed = JSON.parse(message.data);
        if (parsed.type === 'ready') {
          this.recent = this.recent?.rate === parsed.rate ? this.recent : new Recent(parsed.rate);
          this.begun = this.recent.seconds - parsed.at;
          ready();
        } else if (parsed.type === 'error') {
          failed(new Error(parsed.error));
        } else {
          this.onMessage?.(parsed);
        }
      });
      socket.addEventListener('close', () => {
        failed(new Error('no connection'));
        this.socket === socket && this.onLost?.();
      });
    });
  }

  /** Calls back with what is detected, and when the server is gone. */
  connect(onMessage, onLost) {
    this.onMessage = onMessage;
    this.onLost = onLost;
  }

  close() {
    const open = this.socket;
    this.socket = null;
    open.close();
  }
}

function address(path) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
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

  /** Calls back with a time once the sound has reached it. */
  whenAt(time, reached) {
    if (this.seconds >= time) {
      reached(time);
    } else {
      setTimeout(() => this.whenAt(time, reached), 100);
    }
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

const FRAME = 1024; // samples

/** Powers of frequencies 0 to rate / 2 in the last FRAME samples, Hann window: Cooley and Tukey's transform. */
function powers(samples) {
  const re = new Float64Array(FRAME);
  const im = new Float64Array(FRAME);
  for (let i = 0, j = 0; i < FRAME; i++) {
    re[j] = (samples[i] ?? 0) * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / FRAME));
    let bit = FRAME >> 1; // j runs through the numbers with their bits reversed
    for (; j & bit; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
  }
  for (let size = 2; size <= FRAME; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const c = Math.cos(2 * Math.PI * k / size);
      const s = -Math.sin(2 * Math.PI * k / size);
      for (let at = k; at < FRAME; at += size) {
        const other = at + size / 2;
        const x = re[other] * c - im[other] * s;
        const y = re[other] * s + im[other] * c;
        re[other] = re[at] - x;
        im[other] = im[at] - y;
        re[at] += x;
        im[at] += y;
      }
    }
  }
  return re.slice(0, FRAME / 2).map((x, i) => (x * x + im[i] * im[i]) * (4 / FRAME) ** 2);
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
    this.drawn = 0; // seconds of the sound
  }

  /** Adds a column of what came since the last one. */
  add(recent) {
    const fresh = recent.between(Math.min(this.drawn, recent.seconds), recent.seconds);
    this.drawn = recent.seconds;
    const peak = fresh.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
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
    const column = powers(recent.between(recent.seconds - FRAME / recent.rate, recent.seconds));
    const high = Math.min(column.length, Math.round(8000 / (recent.rate / 2) * column.length));
    const rows = this.spectrum.canvas.height;
    for (let y = 0; y < rows; y++) {
      const decibels = 10 * Math.log10(column[Math.floor((rows - 1 - y) / rows * high)] + 1e-12);
      this.spectrum.globalAlpha = Math.max(0, Math.min(1, (decibels + 100) / 70));
      this.spectrum.fillStyle = colour;
      this.spectrum.fillRect(width - 2, y, 2, 1);
    }
    this.spectrum.globalAlpha = 1;
  }
}
