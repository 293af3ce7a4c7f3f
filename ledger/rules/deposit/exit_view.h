/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* One merchant's exit as readers see it: report.exits shows all of them, merchant.brief the one under way. */
struct exit_view {
	struct record_exit record;
	slice id; /* borrowed from the caller */
	slice merchant;
	slice blocked_by; /* the first incident that does */
	int64_t held;     /* in 2030 under its id */
	int64_t refundable;
	const char *next_step; /* what comes next, a constant, */
	uint64_t next_due;     /* and by when; 0: whenever */
	uint64_t overdue_since;
	bool overdue;
	struct view_range items;
};

/* QUERY_NOT_FOUND. */
enum recourse_error exit_view_read(struct query *query, slice id, struct exit_view *exit) RECOURSE_CHECK;

/* Whose it is, then how it stands, then its terms, days and items. */
enum { EXIT_VIEW_STANDING = 1, EXIT_VIEW_TERMS = 17, EXIT_VIEW_COLUMNS = 23 };
extern const struct recourse_column exit_view_columns[EXIT_VIEW_COLUMNS];

/* What is kept back and what was, item by item with its reason; within an exit. */
enum { EXIT_VIEW_ITEM_COLUMNS = 6 };
extern const struct recourse_column exit_view_item_columns[EXIT_VIEW_ITEM_COLUMNS];
view_visitor exit_view_item;
