#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# cases.sh: plays every case of the rules, tests/rules/AREA/NAME.case; what fails is shown with
# what came, and the last line is "N passed, N failed".

find tests/rules -mindepth 2 -name '*.case' | sort | xargs "${BUILD:-build}/recourse" play
