/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/entry_view.h"

#include "rule/reason.h"

struct line {
	struct entry_view view;
};

const struct recourse_column entry_view_columns[ENTRY_VIEW_COLUMNS] = {ENTRY_VIEW(struct line, view)};

enum recourse_error entry_view_read(struct query *query, uint64_t number, struct entry_view *view)
{
	TRY(query_entry(query, number, &view->entry));
	view->reason = query_reason(&view->entry);
	view->texts = (struct record_reason){.version = 0};
	if (view->reason.size == 0)
		return RECOURSE_OK;
	slice command;
	if (entry_carried_text(&view->entry, "command", &command) != RECOURSE_OK)
		command = view->entry.kind;
	return reason_read(query->state, command, view->reason, &view->texts);
}

struct view_range entry_view_range(enum record_table table, slice id, uint64_t limit)
{
	return (struct view_range){.prefix = decision_about_path(table, id), .limit = limit};
}

enum recourse_error entry_view_visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct line line;
	TRY(entry_view_read(rows->query, view_last_number(walk), &line.view));
	return view_add(rows, &line);
}
