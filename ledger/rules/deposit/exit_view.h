/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXIT_VIEW_H
#define EXIT_VIEW_H

#include "rule/query.h"

/* One merchant's exit as readers see it: report.exits shows all of them, merchant.brief the one under way. */
struct exit_view {
	struct record_exit record;
	slice id; /* borrowed from the caller, like the merchant */
	slice merchant;
	int64_t held; /* in 2030 under its id */
};

/* An exit that another record names: STORE_CORRUPT where it is not there. */
enum recourse_error exit_view_read(
	struct query *query, slice merchant, slice id, struct exit_view *exit) RECOURSE_CHECK;

/* Where it stands, what is held, retained and refundable, what comes next, and the first incident that blocks it. */
enum recourse_error exit_view_pairs(
	struct query *query, const struct exit_view *exit, uint64_t now, struct buffer *out) RECOURSE_CHECK;

/* What is kept back and what was, item by item with its reason. */
enum recourse_error exit_view_items(
	struct query *query, const struct exit_view *exit, struct query_list *items) RECOURSE_CHECK;

/* What comes next, and the instant by which; 0: nothing that has one. The name is a constant. */
uint64_t exit_view_next(const struct exit_view *exit, const char **name);

#endif
