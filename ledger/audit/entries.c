/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "rule/decision.h"
#include "store/log.h"

enum recourse_error entries_read(struct check_context *check, uint64_t number, struct entry *entry)
{
	slice bytes;
	TRY(log_read_entry(check->log, number, &bytes));
	return entry_decode(bytes, entry);
}

enum recourse_error entries_is_about(
	struct check_context *check, enum record_table table, slice id, uint64_t number, bool *about)
{
	struct record_path path = decision_about_path(table, id);
	record_path_number(&path, number);
	return record_exists(check->state, &path, about);
}

enum recourse_error entries_read_about(struct check_context *check, enum record_table table, slice id,
	uint64_t number, struct entry *entry, bool *about)
{
	TRY(entries_is_about(check, table, id, number, about));
	return *about ? entries_read(check, number, entry) : RECOURSE_OK;
}

amount_sum entries_posted(const struct entry *entry, enum chart_code code)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	amount_sum steps = 0;
	while (entry_postings_next(&walk, &posting))
		steps += posting.code == code ? posting.steps : 0;
	return steps;
}

bool entries_amount(const struct entry *entry, const char *name, const struct unit *unit, int64_t *steps)
{
	slice text;
	return entry_body_text(entry, name, &text) == RECOURSE_OK &&
	       amount_parse(unit, text, steps) == RECOURSE_OK;
}

bool entries_integer(const struct entry *entry, const char *name, uint64_t *integer)
{
	slice item;
	struct item number;
	if (item_find(entry->body, name, &item) != RECOURSE_OK ||
		item_read_type(&item, ITEM_INTEGER, &number) != RECOURSE_OK)
		return false;
	*integer = (uint64_t)number.integer;
	return true;
}
