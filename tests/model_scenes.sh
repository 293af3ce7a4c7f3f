#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# model_scenes.sh: what chance seldom reaches, against the naive model of who gets which fen (tests/model/scenes.py). Few
# histories of each scene; in a trial more. Ends with "N passed, N failed".

. tests/model.inc

for scene in paid_on given_up restored_early beside_a_promise came_back reported by_rail unclaimed beside_filed \
	insolvent_anywhere insolvent_by_name pool_after let_off guarantors unfunded returned; do
	case ${TRIAL:+$scene} in
	'') played --scene "$scene" --seeds 0-2 ;;
	paid_on) played --scene "$scene" --seeds 0-299 ;;
	beside_filed) played --scene "$scene" --seeds 0-49 ;;
	insolvent_* | guarantors) played --scene "$scene" --seeds 0-99 ;;
	*) played --scene "$scene" --seeds 0-149 ;;
	esac
done
said
