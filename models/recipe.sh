#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the recipe of a model of these words, for a file in models/: one recipe for all words, in
# which only the word differs. What its patterns leave out is for development figures alone: reader
# 27 of the stories, readers-development, the noises of fold 5, a tap and a trumpet, single words of
# speakers whose name begins with 0 to 2, and commands whose own name does with 0 to 3: theirs do not
# tell who speaks.
# Usage: models/recipe.sh WORD...
set -eu
[ $# -gt 0 ] || {
  echo "usage: models/recipe.sh WORD..." >&2
  exit 2
}
shared=../../shared
keywords="jarvis computer alexa view-glass"

# among WORD WORDS
among() {
  case " $2 " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

echo "# Printed by models/recipe.sh $*"
echo "words:"
for word in "$@"; do
  echo "  $word:"
  echo "    - $shared/keywords/$word/training"
  echo "    - ../target/spoken/$word"
done
echo "auxiliary:"
for word in $keywords; do
  among "$word" "$*" || echo "  $word: $shared/keywords/$word/training"
done
for word in bed cat happy; do
  echo "  $word: '$shared/speech/words/$word/[3-9a-f]*'"
done
for word in hadouken trick_or_treat how_are_you goodnight; do
  echo "  $word: $shared/speech/words/$word"
done
cat <<EOF
negatives: # real speech twice: half of what is heard is real
  - '$shared/speech/words/mixed/*-[3-9a-f]*'
  - $shared/speech/readers
  - '$shared/speech/stories/19-*'
  - '$shared/speech/stories/26-*'
  - '$shared/speech/commands/[4-9a-f]*'
  - '$shared/speech/words/mixed/*-[3-9a-f]*'
  - $shared/speech/readers
  - '$shared/speech/stories/19-*'
  - '$shared/speech/stories/26-*'
  - '$shared/speech/commands/[4-9a-f]*'
  - $shared/speech/kathleen
  - $shared/speech/spanish
  - ../target/spoken/others
backgrounds:
  - '$shared/noise/*-[1-4]-*'
  - '$shared/noise/household-[dew]*'
  - '$shared/noise/music-[1k]*'
phones: ../target/phones.ctm
features: logmel # better than PCEN with so much to learn from (decision 014)
augmentation: {voice: {speed: 0.13, tempo: 0.2, pitch: 0.2, formants: 0.14}} # decision 020
schedule: {heldOut: 0, epochs: 96} # a keyword has 4 to 22 speakers: none to spare
EOF
