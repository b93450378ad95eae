#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Trains the shipped models anew: synthetic voices through espeak-ng and flite, phones of running speech
# through PocketSphinx, `rouse train` of three networks for all words and of one that they teach (decision
# 021), of the speech encoder and of the verifier (decisions 027, 047 and 049), `rouse export` of a model for each word, its
# weights in 8 bits, `rouse tune` on the kept speech. Needs ../shared beside the clone; apt: espeak-ng flite
# fortunes pocketsphinx pocketsphinx-en-us sox git npm. About eight hours on two cores. Run it again after an
# interruption; remove models/trained and target/trials to train afresh, and target/spoken too after a change
# of what is spoken.
set -eu
cd "$(dirname "$0")"
target=../target
words="jarvis computer alexa"

# speak FOLDER SEED WHAT...
speak() {
  folder=$target/spoken/$1
  seed=$2
  shift 2
  [ -d "$folder" ] && return
  rm -rf "$folder.part"
  ../rouse speak --quiet "$@" --out "$folder.part" --seed "$seed" </dev/null
  mv "$folder.part" "$folder"
}

for word in $words; do
  speak "$word" 1 --word "$word" --count 300
done
speak view-glass 1 --word "view glass" --count 300 # no shipped model's: for `recipe.sh view-glass`
texts=$target/texts
# shellcheck disable=SC2086
./texts.sh $texts $words view glass
{
  for _ in 1 2 3 4 5 6; do cat other-speech.txt; done # what is easily taken for the words
  head -n 7000 $texts/sentences.txt
  head -n 4000 $texts/words.txt
} >$texts/training.txt
speak others 2 --lines $texts/training.txt
[ -f $target/phones.ctm ] || ./phones.sh $target/phones.ctm

# tune MODEL WORD...: the threshold that gives half a false alarm per hour of real speech
tune() (
  model=$1
  shift
  kept=$(./kept-speech.sh "$@" | sed 's/^/--negatives=/')
  set -f
  IFS='
'
  # shellcheck disable=SC2086
  ../rouse tune "$model" --false-alarms-per-hour 0.5 $kept
)

./sources.sh
# All words in one model lie apart, so that `rouse scan` without --model does not report every word twice.
all=multi/words.onnx
trained=trained/words.onnx
mkdir -p multi trained
if [ ! -f $trained.trained ]; then
  ./trials.sh 96 as-it-is seed-2 seed-3 # the teachers; tells what they miss
  teachers=$target/trials/96
  {
    # shellcheck disable=SC2086
    ./recipe.sh $words
    echo "# and by models/make.sh"
    echo "teachers: [$teachers/as-it-is.onnx, $teachers/seed-2.onnx, $teachers/seed-3.onnx]"
    echo "seed: 4 # no teacher's: other clips"
  } >words.yaml.part
  mv words.yaml.part words.yaml
  ../rouse train words.yaml --out $trained --threads 2 --resume
fi
if [ ! -f trained/speech.onnx ]; then
  ../rouse train encoder/speech.yaml --out trained/speech.onnx --threads 2 --checkpoints $target/encoder --resume
fi
verified=trained/verified.onnx
../rouse train verifier.yaml --out $verified --force --threads 2
aside=trained/tuned # an interruption leaves no model untuned where `rouse scan` would find it
mkdir -p $aside
for word in $words; do
  ../rouse export $verified --word "$word" --weights int8 --licence Apache-2.0 --out "$aside/$word.onnx" --force
  tune "$aside/$word.onnx" "$word"
done
../rouse export $verified --weights int8 --licence Apache-2.0 --out $aside/words.onnx --force
# shellcheck disable=SC2086
tune $aside/words.onnx $words
mv $aside/words.onnx $all
for word in $words; do
  mv "$aside/$word.onnx" .
done
./bank.sh # other speech for `rouse enroll`
# The phone recogniser is stored without the encoder's layers where it lies beside them.
[ -f $target/utterances/real.tsv ] || ./utterances.sh $target/utterances
../rouse train phones/english.yaml --out trained/phones.onnx --force --threads 1
../rouse export trained/phones.onnx --weights int8 --out multi/phones.onnx --force
./phone-bank.sh # other speech for `rouse spot`
../rouse train pronunciation/english.yaml --out pronunciation --force --threads 1
../rouse train pronunciation/language.yaml --out pronunciation/language.onnx --force --threads 1
