#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes multi/phones.bank, other speech for `rouse spot` as multi/phones.onnx hears it: half an hour of
# many people, of what the recogniser was trained on. More would take more room: 200 kB an hour. Needs ../shared
# beside the clone.
# Usage: models/phone-bank.sh
set -eu
cd "$(dirname "$0")"
speech=../../shared/speech
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
every() {
  awk -v n="$1" 'NR % n == 0 { print "--negatives"; print "\"" $0 "\"" }'
}
{
  printf '%s\n' "$speech"/accents/*[1-46-9].ogg | every 5
  printf '%s\n' "$speech"/readers/*.flac | every 15
  printf '%s\n' "$speech"/commands/[4-9a-f]* | every 25
} >"$scratch/list"
../rouse embed multi/phones.onnx "@$scratch/list" --out multi/phones.bank
