#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which phones are said when in the short recordings of many people in ../shared, as PocketSphinx hears
# it (apt: pocketsphinx pocketsphinx-en-us sox): about right, and of three hundred speakers. About ten
# minutes on one core.
# Usage: models/phones.sh OUT.ctm
set -eu
out=${1:?usage: models/phones.sh OUT.ctm}
here=$(cd "$(dirname "$0")" && pwd)
speech=$here/../../shared/speech
model=/usr/share/pocketsphinx/model/en-us
heard=$(dirname "$out")/heard

rm -rf "$heard"
mkdir -p "$heard"
for file in "$speech"/readers/*.flac "$speech"/commands/[4-9a-f]*.flac; do
  name=$(basename "$file" .flac)
  sox "$file" -r 16000 -c 1 -b 16 "$heard/$name.wav"
  echo "$name"
done >"$heard/names"
pocketsphinx_batch -adcin yes -adchdr 44 -cepdir "$heard" -cepext .wav -ctl "$heard/names" \
  -hmm $model/en-us -lm $model/en-us.lm.bin -dict $model/cmudict-en-us.dict \
  -hypseg "$heard/words" -logfn "$heard/log"
awk -f "$here/phones.awk" $model/cmudict-en-us.dict "$heard/words" >"$out.part"
mv "$out.part" "$out"
rm -r "$heard"
