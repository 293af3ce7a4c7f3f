/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Early warning (A8): the coverage of an issuer is what secures the holders of its cards over all merchants and
 * channels, as a ratio of what they have paid for and not used.
 *
 *   (cash that a custodian attests + what is left of instruments in force) ÷ exposure
 *
 * Published thresholds cut the ratio into levels; an issuer whose level is another than the last alert said is looked at
 * by a clock at once, and each issuer again every watch_hours. Command coverage.publish.
 */
enum { COVERAGE_RATIO_MAX = 100000000 /* 1,000,000.00 %: more than that is shown as that */ };

struct coverage {
	int64_t exposure;
	int64_t cash;      /* that counts */
	int64_t uncounted; /* lodged, and not covering anything now */
	int64_t instruments;
	uint64_t ratio; /* hundredths of a percent, rounded down; COVERAGE_RATIO_MAX where nothing is owed */
	uint32_t level; /* how many thresholds it is below; 0 where nothing is owed */
};

/* The thresholds published for a unit; version 0, and none of them, where nothing was. */
enum recourse_error coverage_warning(
	struct state_view *view, slice unit, struct record_warning *warning) RECOURSE_CHECK;

/* As things stand at `now`, by these thresholds. */
enum recourse_error coverage_measure(struct state_view *view, struct arena *arena, slice issuer,
	const struct record_issuer *record, const struct record_warning *warning, uint64_t now,
	struct coverage *coverage) RECOURSE_CHECK;

/* After something of an issuer changed: sets the clocks that its coverage asks for. */
enum recourse_error coverage_follow(
	struct decision *decision, slice issuer, const struct unit *unit) RECOURSE_CHECK;

/* After a custodian's standing changed: all issuers in that unit are looked at, step by step. */
enum recourse_error coverage_custody_changed(
	struct decision *decision, const struct unit *unit) RECOURSE_CHECK;

/* A clock: looks at an issuer. The subject is "unit/number of the issuer's party". */
enum recourse_error coverage_watched(struct decision *decision, slice subject) RECOURSE_CHECK;

/* The name of a level, borrowed; "none" for 0, "unpublished" where there is no such threshold. */
slice coverage_level_name(const struct record_warning *warning, uint32_t level);
