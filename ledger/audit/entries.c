/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "store/log.h"

#include <string.h>

enum recourse_error entries_read(struct check_context *check, uint64_t number, struct entry *entry)
{
	slice bytes;
	TRY(log_read_entry(check->log, number, &bytes));
	return entry_decode(bytes, entry);
}

enum recourse_error entries_read_about(struct check_context *check, enum record_table table, slice id,
	uint64_t number, struct entry *entry, bool *about)
{
	TRY(check_is_about(check, table, id, number, about));
	return *about ? entries_read(check, number, entry) : RECOURSE_OK;
}

bool entries_text(const struct entry *entry, const char *name, slice *text)
{
	return entry_body_text(entry, name, text) == RECOURSE_OK ||
	       entry_carried_text(entry, name, text) == RECOURSE_OK;
}

/* It stands for the command by which its custodian would have attested the money. */
static bool is_identified(const struct entry *entry, const char *command)
{
	slice as;
	if (!entries_text(entry, "as", &as))
		return false;
	return strcmp(command, "payout.return") == 0      ? slice_is(as, "return")
	       : strcmp(command, "recovery.receive") == 0 ? slice_is(as, "recovery")
	       : strcmp(command, "clawback.receive") == 0 ? slice_is(as, "clawback")
							  : false;
}

bool entries_is(const struct entry *entry, const char *command)
{
	slice carried = entry->kind;
	(void)entry_carried_text(entry, "command", &carried);
	return slice_is(carried, command) ||
	       (slice_is(carried, "receipt.identify") && is_identified(entry, command));
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
	slice carried;
	struct item number;
	bool said = item_find(entry->body, name, &item) == RECOURSE_OK ||
		    (item_find(entry->body, "carried_out", &carried) == RECOURSE_OK &&
			    item_find(carried, name, &item) == RECOURSE_OK);
	if (!said || item_read_type(&item, ITEM_INTEGER, &number) != RECOURSE_OK)
		return false;
	*integer = (uint64_t)number.integer;
	return true;
}
