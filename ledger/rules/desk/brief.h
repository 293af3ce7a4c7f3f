/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/desk/desk.h"

/* What claim.brief shows beside the claim's own record. */

/* What a ruling said, by its entry. All texts are good as long as the query. */
struct brief_ruling {
	uint64_t entry; /* 0: there is none */
	uint32_t by;    /* key */
	slice reason;   /* empty: none was given */
	struct record_texts texts;
	slice ground; /* the rule by which a loss that is proven is refused; empty: none */
	slice basis;  /* hash of its text; empty: none */
	slice policy;
};
enum recourse_error brief_ruling(
	struct query *query, uint64_t entry, uint32_t by, struct brief_ruling *ruling);

/* Rows of a walk over RECORD_PROMISE_OWED of a claim: the first BRIEF_PROMISES_MAX, and all are in desk.promises. */
enum { BRIEF_PROMISE_COLUMNS = 8, BRIEF_PROMISES_MAX = 50 };
extern const struct recourse_column brief_promise_columns[BRIEF_PROMISE_COLUMNS];
view_visitor brief_promise_visit;
