/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/entry_view.h"

#include "rule/area.h"

struct line {
	struct entry_view view;
};

const struct recourse_column entry_view_columns[ENTRY_VIEW_COLUMNS] = {ENTRY_VIEW(struct line, view)};

enum recourse_error entry_view_reason(
	struct query *query, const struct entry *entry, struct entry_reason *reason)
{
	slice command;
	reason->code = slice_text("");
	if (entry_carried_text(entry, "command", &command) != RECOURSE_OK)
		command = entry->kind;
	if (entry_body_text(entry, "reason", &reason->code) != RECOURSE_OK)
		(void)entry_carried_text(entry, "reason", &reason->code);
	return area_texts(query->state, command, reason->code, &reason->texts);
}

enum recourse_error entry_view_read(struct query *query, uint64_t number, struct entry_view *view)
{
	TRY(query_entry(query, number, &view->entry));
	if (entry_carried_text(&view->entry, "command", &view->carried) != RECOURSE_OK)
		view->carried = slice_text("");
	return entry_view_reason(query, &view->entry, &view->reason);
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
