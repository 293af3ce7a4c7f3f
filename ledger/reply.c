/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include "books/record_account.h"
#include "base/try.h"
#include "base/amount.h"
#include "entry/entry.h"
#include "books/account.h"
#include "base/instant.h"
#include "entry/submission.h"

struct reply {
	struct state_view *state;
	struct log_snapshot *log;
	struct submission submission;
	struct buffer *out;
};

/* Refusals as they stand in the record, one by one; `left` counts down. */
struct refusals {
	struct item_reader reader;
	uint64_t left;
	struct recourse_refusal next;
};

static enum recourse_error next_refusal(struct refusals *refusals)
{
	if (refusals->left == 0) {
		refusals->next.command = INT64_MAX;
		return RECOURSE_OK;
	}
	refusals->left--;
	return refusal_decode(&refusals->reader, &refusals->next);
}

static enum recourse_error first_refusal(slice array, struct refusals *refusals)
{
	struct item head;
	*refusals = (struct refusals){.reader = {.data = array.data, .size = array.size}};
	if (item_read_type(&refusals->reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	refusals->left = head.count;
	return next_refusal(refusals);
}

static enum recourse_error write_balance(
	struct reply *reply, uint64_t number, const struct entry_posting *posting)
{
	struct record_account account;
	struct account_name name = {posting->code, posting->party, posting->reference, posting->unit};
	char text[200];
	int64_t balance;
	enum recourse_error error = account_get(
		reply->state, posting->code, posting->party, posting->reference, posting->unit, &account);
	if (error == RECOURSE_OK)
		error = account_balance_at(reply->state, account.number, number, &balance);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct unit unit = account_unit(&account, posting->unit);
	bool credit = chart_find(posting->code)->side == CHART_CREDIT;
	account_name_format(&name, text, sizeof text);
	item_write_map(reply->out, 2);
	item_write_pair_text(reply->out, "account", slice_text(text));
	amount_format(&unit, credit ? -balance : balance, text);
	item_write_pair_text(reply->out, "balance", slice_text(text));
	return RECOURSE_OK;
}

static enum recourse_error write_accepted(struct reply *reply, uint64_t number)
{
	struct entry entry;
	struct entry_postings walk;
	struct entry_posting posting;
	struct item_reader reader;
	struct item head;
	slice bytes;
	slice due;
	enum recourse_error error = log_read_entry(reply->log, number, &bytes);
	if (error == RECOURSE_OK)
		error = entry_decode(bytes, &entry);
	if (error != RECOURSE_OK)
		return error;
	reader = (struct item_reader){.data = entry.postings.data, .size = entry.postings.size};
	if (item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	/* who carried something out without all approvals is told by when that is reviewed (H6) */
	bool reviewed = entry_body_text(&entry, "review_due", &due) == RECOURSE_OK;
	item_write_map(reply->out, 2 + (uint64_t)reviewed);
	item_write_pair_integer(reply->out, "entry", (int64_t)number);
	if (reviewed)
		item_write_pair_text(reply->out, "review_due", due);
	item_write_key(reply->out, "balances");
	item_write_array(reply->out, head.count);
	error = entry_postings_first(&entry, &walk, &posting);
	while (error == RECOURSE_OK) {
		error = write_balance(reply, number, &posting);
		if (error == RECOURSE_OK)
			error = entry_postings_next(&walk, &posting);
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error write_full(struct reply *reply, struct refusals *refusals, uint64_t count)
{
	uint64_t entry = reply->submission.first_entry;
	for (uint64_t index = 0; index < count; index++) {
		if ((uint64_t)refusals->next.command == index) {
			refusal_encode(&refusals->next, reply->out);
			TRY(next_refusal(refusals));
		} else {
			TRY(write_accepted(reply, entry++));
		}
	}
	return RECOURSE_OK;
}

enum recourse_error reply_build(struct state_view *state, struct log_snapshot *log, uint64_t request,
	bool all, bool brief, struct buffer *out, struct recourse_refusal *refusal)
{
	struct reply reply = {.state = state, .log = log, .out = out};
	struct refusals refusals;
	char time[INSTANT_TEXT_SIZE];
	slice record;
	enum recourse_error error = log_read_request(log, request, &record);
	if (error == RECOURSE_OK)
		error = submission_decode(record, &reply.submission);
	if (error == RECOURSE_OK)
		error = first_refusal(reply.submission.refusals, &refusals);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	bool refused = refusals.next.command != INT64_MAX;
	if (all && refused) {
		*refusal = refusals.next;
		return refusal->error;
	}
	uint64_t refused_count = refused ? refusals.left + 1 : 0;
	instant_format(reply.submission.time, time);
	item_write_map(out, 5);
	item_write_pair_integer(out, "request", (int64_t)request);
	item_write_pair_text(out, "time", slice_text(time));
	item_write_pair_integer(out, "accepted", (int64_t)reply.submission.accepted);
	item_write_pair_integer(out, "first_entry", (int64_t)reply.submission.first_entry);
	item_write_key(out, "results");
	if (brief) {
		/* the record's array of refusals is the very list */
		buffer_append(out, reply.submission.refusals.data, reply.submission.refusals.size);
		return RECOURSE_OK;
	}
	item_write_array(out, reply.submission.accepted + refused_count);
	return write_full(&reply, &refusals, reply.submission.accepted + refused_count);
}
