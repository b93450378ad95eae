#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the packed fixtures beside it: a 440 Hz tone at half of full scale, 44.1 kHz, half a second.
# Needs sox, flac, lame, oggenc and ffmpeg.
set -eu
cd "$(dirname "$0")"
tone() { sox -n -R -r 44100 -c "$1" -b "$2" tone.wav synth 0.5 sine 440 vol 0.5; }
tone 1 16 && flac --silent --force --output-name=tone16.flac tone.wav
lame --quiet -b 64 tone.wav tone.mp3
lame --quiet -b 64 --add-id3v2 --tt tone tone.wav tagged.mp3
oggenc --quiet --quality 3 --serial 1 --output tone.ogg tone.wav
tone 2 24 && flac --silent --force --output-name=tone24.flac tone.wav
rm tone.wav

# What phones and browsers record.
ff() { ffmpeg -nostdin -v error -y -i tone16.flac -i tone.ogg -map_metadata -1 -fflags +bitexact -flags +bitexact "$@"; }
ff -c:a libopus -b:a 32k tone.opus
ff -c:a libopus -b:a 10k -application voip silk.opus
ff -c:a libopus -b:a 32k -f webm -live 1 tone.webm
ff -c:a libopus -b:a 32k -f matroska tone.mka
ff -c:a libopus -b:a 32k tone.caf
ff -c:a aac -b:a 48k tone.m4a
ff -c:a aac -b:a 48k -movflags frag_keyframe+empty_moov -frag_duration 100000 fragments.mp4
ff -c:a aac -b:a 48k tone.aac
ff -map 0 -map 1 -c:a aac -b:a 48k two.mp4
