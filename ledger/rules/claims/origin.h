/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Where claims come from (H4): a hash of the device, the address or the counter, with a salt that the platform keeps. Only of a
 * claim that was filed with one is there a row. `*shown` gets FLAG_ONE_ORIGIN, as a bit, where more came from there within
 * the published hours than do, and nothing otherwise.
 */
enum recourse_error origin_take(
	struct decision *decision, const struct value *hash, slice claim, uint32_t *shown);

/* Of those that came from there by that entry and instant: how many within so many hours, counted to one beyond `most`. */
struct record_origin;
enum recourse_error origin_count(struct state_view *view, slice origin, uint64_t entry,
	const struct record_origin *row, uint32_t *count);
