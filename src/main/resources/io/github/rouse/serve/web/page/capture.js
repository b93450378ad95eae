// Collects the microphone's blocks of 128 samples into larger ones for the page.
const SIZE = 1024;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(SIZE);
    this.filled = 0;
  }

  process(inputs) {
    const samples = inputs[0][0];
    if (samples) {
      this.block.set(samples, this.filled);
      this.filled += samples.length;
      if (this.filled >= SIZE) {
        this.port.postMessage(this.block, [this.block.buffer]);
        this.block = new Float32Array(SIZE);
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('capture', Capture);
