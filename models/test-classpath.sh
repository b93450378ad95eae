#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the tests and prints the class path that they run with.
# Usage: models/test-classpath.sh
set -eu
cd "$(dirname "$0")/.."
mvn -q -B test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test.classpath >&2
echo "$PWD/target/test-classes:$PWD/target/classes:$(cat target/test.classpath)"
