/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

struct reply {
	const struct recourse_ledger *ledger;
	bool ahead; /* of the state's writing, through the writer's own view: there is no other yet */
	bool first; /* asked by who made the record: a repetition reads no note */
	struct state_view *state;
	struct log_snapshot *log;
	struct submission submission;
	struct buffer *out;
};

static enum recourse_error write_balance(
	struct reply *reply, uint64_t number, const struct entry_posting *posting)
{
	struct record_account account;
	struct account_name name = {posting->code, posting->party, posting->reference, posting->unit};
	char text[200];
	int64_t balance;
	struct record_path path =
		account_path(posting->code, posting->party, posting->reference, posting->unit);
	TRY(record_get_named(reply->state, &path, &account, sizeof account));
	TRY(account_balance_at(reply->state, account.number, number, &balance));
	struct unit unit = account_unit(&account, posting->unit);
	account_name_format(&name, text, sizeof text);
	item_write_map(reply->out, 2);
	item_write_pair_text(reply->out, "account", slice_text(text));
	item_write_pair_amount(reply->out, "balance", &unit, account_shown(posting->code, balance));
	return RECOURSE_OK;
}

static enum recourse_error write_balances(struct reply *reply, uint64_t number, const struct entry *entry)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	item_write_key(reply->out, "balances");
	item_write_array(reply->out, walk.left);
	while (entry_postings_next(&walk, &posting))
		TRY(write_balance(reply, number, &posting));
	return RECOURSE_OK;
}

/* ---- what was unsealed ---- */

/* Which text that is, as the ledger says it in that state, and what erased it. */
static enum recourse_error find_note(struct state_view *state, struct notes_text *text, uint64_t *erased)
{
	struct record_path path = record_path_of_number(RECORD_NOTED, text->entry);
	struct record_note note;
	TRY(record_get_named(state, &path, &note, sizeof note));
	text->key = note.key;
	memcpy(text->commitment.bytes, note.commitment, sizeof text->commitment.bytes);
	return sealed_erased(state, &note, erased);
}

/* A key that is not there was perhaps erased since the state was opened: that is seen before a key is overwritten. */
static enum recourse_error find_why(
	const struct reply *reply, struct notes_text *text, enum command_note *state)
{
	SCOPED(state_snapshot_end) struct state_view *later = NULL;
	uint64_t erased;
	if (!reply->ahead)
		TRY(state_snapshot_open(reply->ledger->state, &later));
	TRY(find_note(reply->ahead ? reply->state : later, text, &erased));
	*state = erased != 0 ? COMMAND_NOTE_ERASED : COMMAND_NOTE_LOST;
	return RECOURSE_OK;
}

/* From the stores beside the log, as they are now. */
static enum recourse_error read_said(struct reply *reply, const struct entry *entry, struct notes_text *text,
	struct buffer *out, enum command_note *state)
{
	const struct notes *notes = &reply->ledger->notes;
	uint64_t erased;
	slice member;
	*state = COMMAND_NOTE_REPEATED;
	if (!reply->first)
		return RECOURSE_OK;
	TRY(item_find(entry->body, "note", &member));
	if (!item_read_number(&member, &text->entry))
		return RECOURSE_STORE_CORRUPT;
	TRY(find_note(reply->state, text, &erased));
	*state = COMMAND_NOTE_ERASED;
	if (erased != 0)
		return RECOURSE_OK;
	enum recourse_error error = notes->lost
					    ? RECOURSE_QUERY_NOT_FOUND
					    : notes_read(notes->directory, reply->ledger->origin, text, out);
	*state = COMMAND_NOTE_READ;
	return error == RECOURSE_QUERY_NOT_FOUND ? find_why(reply, text, state) : error;
}

/* The members in the order of their encoded keys. */
static enum recourse_error write_note(struct reply *reply, const struct entry *entry)
{
	SCOPED(buffer_free) struct buffer said = {.secret = true};
	struct notes_text text = {.entry = 0};
	enum command_note state;
	TRY(read_said(reply, entry, &text, &said, &state));
	bool read = state == COMMAND_NOTE_READ;
	item_write_key(reply->out, "note");
	item_write_map(reply->out, read ? 3 : 1);
	if (read)
		item_write_pair_text(reply->out, "text", buffer_slice(&said));
	item_write_pair_text(reply->out, "state", slice_text(command_note_names[state]));
	if (!read)
		return RECOURSE_OK;
	item_write_key(reply->out, "random");
	item_write_bytes(reply->out, slice_of(text.random, sizeof text.random));
	return RECOURSE_OK;
}

/* A claim that is linked is answered with the entry of the one that it repeats (D8); 0: it is none. */
static enum recourse_error find_repeated(const struct entry *entry, uint64_t *first)
{
	slice member;
	*first = 0;
	if (!slice_is(entry->kind, COMMAND_FILE) ||
		item_find(entry->body, COMMAND_LINKED_TO, &member) != RECOURSE_OK)
		return RECOURSE_OK;
	return item_read_number(&member, first) ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error write_accepted(struct reply *reply, uint64_t number)
{
	struct entry entry;
	slice bytes;
	slice due;
	uint64_t repeated;
	TRY(log_read_entry(reply->log, number, &bytes));
	TRY(entry_decode(bytes, &entry));
	bool unsealed = slice_is(entry.kind, COMMAND_UNSEAL);
	/* who carried something out without all approvals is told by when that is reviewed (H6) */
	bool reviewed = entry_body_text(&entry, "review_due", &due) == RECOURSE_OK;
	TRY(find_repeated(&entry, &repeated));
	item_write_map(reply->out, 2 + (uint64_t)reviewed + (uint64_t)unsealed + (uint64_t)(repeated != 0));
	if (unsealed)
		TRY(write_note(reply, &entry));
	item_write_pair_integer(reply->out, "entry", (int64_t)number);
	if (reviewed)
		item_write_pair_text(reply->out, "review_due", due);
	if (repeated != 0)
		item_write_pair_integer(reply->out, COMMAND_LINKED_TO, (int64_t)repeated);
	return write_balances(reply, number, &entry);
}

/* Command by command; in brief those alone that were refused. */
static enum recourse_error write_results(
	struct reply *reply, struct submission_refusals *refusals, uint64_t commands, bool brief)
{
	uint64_t entry = reply->submission.first_entry;
	item_write_array(reply->out, brief ? commands - reply->submission.accepted : commands);
	for (uint64_t index = 0; index < commands; index++) {
		if (refusals->there && (uint64_t)refusals->next.command == index) {
			refusal_show(&refusals->next, reply->out);
			TRY(submission_refusals_next(refusals));
		} else if (!brief) {
			TRY(write_accepted(reply, entry++));
		}
	}
	return RECOURSE_OK;
}

static enum recourse_error read_record(
	struct reply *reply, uint64_t request, struct submission_refusals *refusals)
{
	slice record;
	TRY(log_read_request(reply->log, request, &record));
	TRY(submission_decode(record, &reply->submission));
	return submission_refusals_first(&reply->submission, refusals);
}

static enum recourse_error build(struct reply *reply, uint64_t request, const struct reply_form *form,
	struct recourse_refusal *refusal)
{
	struct submission_refusals refusals;
	enum recourse_error error = read_record(reply, request, &refusals);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	if (form->all && refusals.there) {
		*refusal = refusals.next;
		return refusal->error;
	}
	uint64_t commands = reply->submission.accepted + (refusals.there ? refusals.left + 1 : 0);
	item_write_map(reply->out, 5);
	item_write_pair_integer(reply->out, "request", (int64_t)request);
	item_write_pair_instant(reply->out, "time", reply->submission.time);
	item_write_pair_integer(reply->out, "accepted", (int64_t)reply->submission.accepted);
	item_write_pair_integer(reply->out, "first_entry", (int64_t)reply->submission.first_entry);
	item_write_key(reply->out, "results");
	return write_results(reply, &refusals, commands, form->brief);
}

enum recourse_error reply_build(struct recourse_ledger *ledger, uint64_t request,
	const struct reply_form *form, struct buffer *out, struct recourse_refusal *refusal)
{
	SCOPED(state_snapshot_end) struct state_view *state = NULL;
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	if (!form->ahead)
		TRY(state_snapshot_open(ledger->state, &state));
	/* state first: the log then has at least what the state has */
	TRY(log_snapshot_open(ledger->log, &log));
	struct reply reply = {
		.ledger = ledger,
		.ahead = form->ahead,
		.first = form->first,
		.state = form->ahead ? state_writer(ledger->state) : state,
		.log = log,
		.out = out,
	};
	return build(&reply, request, form, refusal);
}

enum recourse_error reply_dry(const struct request *request, uint64_t time, slice refusals,
	struct buffer *out, struct recourse_refusal *refusal)
{
	struct submission record = {.refusals = refusals};
	struct submission_refusals each;
	TRY(submission_refusals_first(&record, &each));
	if (!request->each && each.there) {
		*refusal = each.next;
		return refusal->error;
	}
	uint64_t refused = each.there ? each.left + 1 : 0;
	item_write_map(out, 3);
	item_write_pair_instant(out, "time", time);
	item_write_pair_integer(out, "accepted", (int64_t)(request->count - refused));
	item_write_key(out, "results");
	item_write_array(out, refused);
	while (each.there) {
		refusal_show(&each.next, out);
		TRY(submission_refusals_next(&each));
	}
	return RECOURSE_OK;
}
