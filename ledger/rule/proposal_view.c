/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/proposal_view.h"

#include "rule/entry_view.h"

struct waiting {
	uint64_t entry;
	struct record_proposal record;
	slice command;
	slice reason;
};

#define WAITING(kind, title, member, text) COLUMN(kind, title, struct waiting, member, text)
const struct recourse_column proposal_view_columns[PROPOSAL_VIEW_COLUMNS] = {
	{WAITING(ENTRY, "proposal", entry, "that proposed it")},
	{WAITING(TEXT, "command", command, "what")},
	{WAITING(TEXT, "reason", reason, "and why"), OPTIONAL},
	{COLUMN_KEY("made_by", struct waiting, record.maker, "who proposed it")},
	{WAITING(INTEGER, "given", record.given, "people who agreed so far")},
	{WAITING(INTEGER, "needed", record.needed, "who have to")},
	{WAITING(TIME, "expires", record.expires, "when it is over")},
};

enum recourse_error proposal_view_visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct waiting row = {.entry = view_last_number(walk)};
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, row.entry);
	struct entry_view view;
	TRY(record_get(query->state, &path, &row.record, sizeof row.record));
	TRY(entry_view_read(query, row.entry, &view));
	row.command = view.entry.kind;
	row.reason = view.reason.code;
	return view_add(rows, &row);
}
