/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * A claim's arithmetic by what is known now (C3): each factor with the entry that it is from, before there is a ruling as
 * well as after it, which has its own of its day. The last of them is what was ruled.
 */
struct arithmetic_factor {
	const char *factor;
	struct unit unit;
	int64_t value;
	uint64_t entry;  /* 0: it follows from those above it */
	const char *how; /* NULL: it is what that entry says */
};

enum { ARITHMETIC_FACTORS_MAX = 10 };
struct arithmetic {
	struct arithmetic_factor factors[ARITHMETIC_FACTORS_MAX];
	size_t count;
	const char *evidence; /* of use, as the lot has it; disputed: two records contradict each other */
	int64_t claimed;  /* what was asked for, or else what the lot shows; VIEW_NONE: neither is known */
	int64_t adjusted; /* the ruling's loss less that; VIEW_NONE: there is no ruling */
};

/* STORE_CORRUPT. */
enum recourse_error arithmetic_find(const struct record_claim *claim, const struct record_entitlement *lot,
	const struct record_policy *policy, struct arithmetic *arithmetic);

/* What it is shown as: rows of struct arithmetic_factor. */
enum { ARITHMETIC_COLUMNS = 5 };
extern const struct recourse_column arithmetic_columns[ARITHMETIC_COLUMNS];
enum recourse_error arithmetic_show(struct view_rows *rows, const struct arithmetic *arithmetic);
