/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payee/payee.h"

#include "rule/watch.h"
#include "rules/claims/lot_holder.h"

bool payee_rests(const struct record_payee *payee, uint64_t time)
{
	return time < payee->from;
}

const uint8_t *payee_account(const struct record_payee *payee, uint64_t time)
{
	return payee_rests(payee, time) ? payee->account : payee->next;
}

uint64_t payee_changed(const struct record_payee *payee, uint64_t time)
{
	return payee_rests(payee, time) ? payee->account_entry : payee->next_entry;
}

struct record_path payee_holder_path(slice holder)
{
	return record_path_of_short_text(RECORD_PAYEE_HOLDER, lot_holder_mark(holder), holder);
}

static struct record_path accounts_of(const uint8_t account[static RECORD_MARK_SIZE])
{
	char hex[2 * RECORD_MARK_SIZE + 1];
	text_to_hex(account, RECORD_MARK_SIZE, hex);
	return record_path_of_text(RECORD_PAYEE_ACCOUNT, slice_text(hex));
}

struct record_path payee_account_path(const uint8_t account[static RECORD_MARK_SIZE], slice holder)
{
	struct record_path path = accounts_of(account);
	record_path_text(&path, holder);
	return path;
}

enum recourse_error payee_count(struct state_view *view, const uint8_t account[static RECORD_MARK_SIZE],
	uint64_t by, uint32_t most, uint32_t *count)
{
	struct record_path prefix = accounts_of(account);
	struct record_payee_account row;
	*count = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (*count <= most && record_walk_next(&walk, &row, sizeof row))
		*count += row.entry <= by;
	return walk.error;
}

/* For good: a payment may have gone there by then, and who names an account and another one has named it. */
static enum recourse_error name_account(
	struct decision *decision, slice id, slice holder, const uint8_t account[static RECORD_MARK_SIZE])
{
	struct record_path path = payee_account_path(account, holder);
	struct record_payee_account row = {.entry = decision->entry};
	bool there;
	TRY(record_exists(decision->state, &path, &there));
	if (there)
		return RECOURSE_OK;
	record_text_set(row.payee, sizeof row.payee, id);
	return decision_put(decision, &path, &row, sizeof row);
}

/* ---- payee.register ---- */

enum { REGISTER_PAYEE, REGISTER_HOLDER, REGISTER_ACCOUNT, REGISTER_RAIL };
static const struct recourse_field register_fields[] = {
	[REGISTER_PAYEE] = FIELD_OPAQUE("payee", "the platform's reference of it"),
	[REGISTER_HOLDER] = FIELD_OPAQUE("holder", "the reference that the lots were issued to"),
	[REGISTER_ACCOUNT] = FIELD(HASH, "account_hash", "what `recourse payee hash` says of the account"),
	[REGISTER_RAIL] = FIELD(ID, "rail", "by which it is paid, such as bank"),
};

static enum recourse_error check_former(struct decision *decision, const struct record_path *of_holder)
{
	char id[TEXT_ID_SIZE];
	struct record_payee former;
	bool there;
	TRY(record_get_optional(decision->state, of_holder, id, sizeof id, &there));
	if (!there)
		return RECOURSE_OK;
	struct record_path path = record_path_of_text(RECORD_PAYEE, RECORD_TEXT(id));
	TRY(record_get_named(decision->state, &path, &former, sizeof former));
	return former.closed_entry == 0 ? refuse_entry(decision, RECOURSE_EXISTS, "holder", former.entry)
					: RECOURSE_OK;
}

/*
 * A holder has one: what comes after one that was closed rests like a change. So does what comes after the payee of another
 * holder whom no lot can tell from this one: a reference of the same mark can be made up.
 */
static enum recourse_error take_place(struct decision *decision, const struct record_path *of_holder,
	slice holder, struct record_payee *payee)
{
	struct record_path alike = record_path_of_short(RECORD_PAYEE_HOLDER, lot_holder_mark(holder));
	bool any;
	TRY(check_former(decision, of_holder));
	TRY(record_any(decision->state, &alike, &any));
	if (!any)
		return RECOURSE_OK;
	payee->replaces = 1;
	payee->from = payee->rested;
	payee->account_entry = payee->next_entry = decision->entry;
	return RECOURSE_OK;
}

static enum recourse_error apply_register(struct decision *decision, const struct value *values)
{
	slice id = values[REGISTER_PAYEE].text;
	slice holder = values[REGISTER_HOLDER].text;
	struct record_path path = record_path_of_text(RECORD_PAYEE, id);
	struct record_path of_holder = payee_holder_path(holder);
	char name[TEXT_ID_SIZE];
	struct record_payee payee = {
		.from = decision->time, .entry = decision->entry, .maker = decision->actor->key};
	struct record_payee known;
	struct record_watch watch;
	bool there;
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, "payee", known.entry);
	TRY(watch_read(decision->state, &watch));
	payee.rested = decision->time + watch.payee_hours * INSTANT_HOUR;
	TRY(take_place(decision, &of_holder, holder, &payee));

	memcpy(payee.account, values[REGISTER_ACCOUNT].text.data, sizeof payee.account);
	memcpy(payee.next, payee.account, sizeof payee.next);
	record_text_set(payee.holder, sizeof payee.holder, holder);
	record_text_set(payee.rail, sizeof payee.rail, values[REGISTER_RAIL].text);
	record_text_set(name, sizeof name, id);
	decision_fact_instant(decision, "from", payee.from);
	TRY(name_account(decision, id, holder, payee.account));
	TRY(decision_put(decision, &of_holder, name, sizeof name));
	return decision_put(decision, &path, &payee, sizeof payee);
}

static enum recourse_error find_open(struct decision *decision, slice id, struct record_payee *payee)
{
	struct record_path path = record_path_of_text(RECORD_PAYEE, id);
	TRY(decision_find(decision, "payee", &path, payee, sizeof *payee));
	if (payee->closed_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "payee", payee->closed_entry);
	return RECOURSE_OK;
}

/* ---- payee.change ---- */

enum { CHANGE_PAYEE, CHANGE_ACCOUNT, CHANGE_REASON };
static const struct recourse_field change_fields[] = {
	[CHANGE_PAYEE] = FIELD(ID, "payee", "its reference"),
	[CHANGE_ACCOUNT] = FIELD(HASH, "account_hash",
		"of the account that is paid when it has rested; of the one that is paid now: the change "
		"that rests is taken back"),
	[CHANGE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error change(
	struct decision *decision, struct record_payee *payee, const uint8_t account[static RECORD_MARK_SIZE])
{
	struct record_watch watch;
	char from[INSTANT_TEXT_SIZE];
	bool rests = payee_rests(payee, decision->time);
	if (memcmp(payee->next, account, sizeof payee->next) == 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "account_hash",
			payee->next_entry != 0 ? payee->next_entry : payee->entry);
	if (rests && memcmp(payee->account, account, sizeof payee->account) == 0) {
		memcpy(payee->next, payee->account, sizeof payee->next);
		payee->next_entry = payee->account_entry;
		payee->from = decision->time;
		return RECOURSE_OK;
	}
	if (rests) {
		instant_format(payee->from, from);
		return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "payee", "not before %s", from);
	}
	TRY(watch_read(decision->state, &watch));
	memcpy(payee->account, payee->next, sizeof payee->account);
	payee->account_entry = payee->next_entry;
	memcpy(payee->next, account, sizeof payee->next);
	payee->next_entry = decision->entry;
	payee->from = decision->time + watch.payee_hours * INSTANT_HOUR;
	payee->replaces = 0; /* which has been paid, or could have been */
	return RECOURSE_OK;
}

static enum recourse_error apply_change(struct decision *decision, const struct value *values)
{
	slice id = values[CHANGE_PAYEE].text;
	struct record_path path = record_path_of_text(RECORD_PAYEE, id);
	const uint8_t *account = values[CHANGE_ACCOUNT].text.data;
	struct record_payee payee;
	TRY(find_open(decision, id, &payee));
	TRY(change(decision, &payee, account));
	decision_fact_instant(decision, "from", payee.from);
	TRY(name_account(decision, id, RECORD_TEXT(payee.holder), account));
	return decision_put(decision, &path, &payee, sizeof payee);
}

/* ---- payee.close ---- */

enum { CLOSE_PAYEE, CLOSE_REASON };
static const struct recourse_field close_fields[] = {
	[CLOSE_PAYEE] = FIELD(ID, "payee", "to which nothing is paid any more"),
	[CLOSE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_close(struct decision *decision, const struct value *values)
{
	slice id = values[CLOSE_PAYEE].text;
	struct record_path path = record_path_of_text(RECORD_PAYEE, id);
	struct record_payee payee;
	TRY(find_open(decision, id, &payee));
	payee.closed_entry = decision->entry;
	return decision_put(decision, &path, &payee, sizeof payee);
}

static const struct command rows[] = {
	COMMAND("payee.register", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, register_fields,
		apply_register, "the account that a holder's claims are paid to, as its HMAC",
		RECOURSE_EXISTS),
	COMMAND_CHECKED("payee.change", RECOURSE_ROLE_OPERATOR, 1, change_fields, apply_change,
		"another account of a payee, paid when it has rested; another person approves",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED),
	COMMAND_CHECKED("payee.close", RECOURSE_ROLE_OPERATOR, 1, close_fields, apply_close,
		"nothing is paid to a payee any more; another person approves", RECOURSE_STATE_WRONG),
};
const struct command_group payee_commands = COMMAND_GROUP(rows);
