#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the packed fixtures beside it: a 440 Hz tone at half of full scale, 44.1 kHz, half a second.
# Needs sox, flac, lame and oggenc.
set -eu
cd "$(dirname "$0")"
tone() { sox -n -R -r 44100 -c "$1" -b "$2" tone.wav synth 0.5 sine 440 vol 0.5; }
tone 1 16 && flac --silent --force --output-name=tone16.flac tone.wav
lame --quiet -b 64 tone.wav tone.mp3
lame --quiet -b 64 --add-id3v2 --tt tone tone.wav tagged.mp3
oggenc --quiet --quality 3 --serial 1 --output tone.ogg tone.wav
tone 2 24 && flac --silent --force --output-name=tone24.flac tone.wav
rm tone.wav
