/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payee/payee_order.h"

#include "books/record_desk.h"
#include "rule/watch.h"
#include "rules/claims/lot_holder.h"
#include "rules/payee/payee.h"

static enum recourse_error refuse_resting(struct decision *decision, uint64_t until)
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(until, text);
	return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "payee", "not before %s", text);
}

/* What came back from an account is not sent there again while another one rests, nor at once to one that nobody had named. */
static enum recourse_error check_rested(
	struct decision *decision, const struct record_payee *payee, bool again, bool known)
{
	bool nowhere = payee->replaces != 0 || again;
	if (nowhere && payee_rests(payee, decision->time))
		return refuse_resting(decision, payee->from);
	if (again && !known && decision->time < payee->rested)
		return refuse_resting(decision, payee->rested);
	return RECOURSE_OK;
}

static enum recourse_error check_holder(
	struct decision *decision, const struct record_claim *claim, const struct record_payee *payee)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_entitlement lot;
	bool fits;
	TRY(record_get_named(decision->state, &path, &lot, sizeof lot));
	TRY(lot_holder_fits(decision->state, lot.issue_entry, RECORD_TEXT(payee->holder), &fits));
	return fits ? RECOURSE_OK
		    : refuse(decision, RECOURSE_NOT_PERMITTED, "payee", "one of the claim's holder");
}

/* A holder has one that is open: who was paid to it can not be another one's holder as well. */
static enum recourse_error check_last(
	struct decision *decision, const struct record_claim_payee *last, slice named)
{
	struct record_path path = record_path_of_text(RECORD_PAYEE, RECORD_TEXT(last->payee));
	struct record_payee former;
	if (slice_equal(RECORD_TEXT(last->payee), named))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &former, sizeof former));
	return former.closed_entry != 0 ? RECOURSE_OK
					: refuse(decision, RECOURSE_NOT_PERMITTED, "payee",
						  "the one that it was ordered to, which is open");
}

/* Another holder has a payee, or had one, whom no lot can tell from this one: a person has to. */
static enum recourse_error is_alike(struct decision *decision, slice holder, bool *alike)
{
	struct record_path prefix = record_path_of_short(RECORD_PAYEE_HOLDER, lot_holder_mark(holder));
	*alike = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (!*alike && record_walk_next(&walk, NULL, 0))
		*alike = !slice_equal(walk.key.parts[1].text, holder);
	return walk.error;
}

static enum payee_sent sent_how(bool again, bool known, bool alike)
{
	if (again)
		return known ? PAYEE_AGAIN : PAYEE_UNNAMED;
	return alike && !known ? PAYEE_ALIKE : PAYEE_FIRST;
}

static enum recourse_error check_payee(struct decision *decision, const struct record_claim *claim,
	const struct record_payee *payee, bool again, bool known)
{
	if (payee->closed_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "payee", payee->closed_entry);
	TRY(check_holder(decision, claim, payee));
	TRY(person_differs(decision, &payee->maker, 1, "payee", "nobody registers and pays the same payee"));
	return check_rested(decision, payee, again, known);
}

static uint32_t shown_by(const struct record_claim_payee *order)
{
	return (order->holders > order->most ? FLAG_BIT(FLAG_SHARED_PAYEE) : 0) |
	       (order->changed_entry != 0 ? FLAG_BIT(FLAG_PAYEE_CHANGED) : 0);
}

/* The entry says where to, also where it was not said anew. */
static void show_order(
	struct decision *decision, const struct value *named, const struct record_claim_payee *order)
{
	char account[2 * RECORD_MARK_SIZE + 1];
	text_to_hex(order->account, sizeof order->account, account);
	if (!named->present)
		decision_fact_text(decision, "payee", RECORD_TEXT(order->payee));
	decision_fact_text(decision, "account_hash", slice_text(account));
}

enum recourse_error payee_order(struct decision *decision, const struct value *named, slice claim,
	const struct record_claim *record, bool again, struct payee_ordered *ordered)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee order;
	struct record_payee payee;
	struct record_watch watch;
	bool known;
	bool alike;
	ordered->shown = 0;
	ordered->rail[0] = '\0';
	if (!named->present && record->instalment == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &order, sizeof order, &known));
	if (!named->present && !known)
		return RECOURSE_OK;
	const struct record_claim_payee last = order;
	if (named->present)
		record_text_set(order.payee, sizeof order.payee, named->text);
	slice id = RECORD_TEXT(order.payee);
	struct record_path of_payee = record_path_of_text(RECORD_PAYEE, id);
	TRY(decision_find(decision, "payee", &of_payee, &payee, sizeof payee));
	TRY(check_payee(decision, record, &payee, again, known));
	if (known)
		TRY(check_last(decision, &last, id));
	TRY(is_alike(decision, RECORD_TEXT(payee.holder), &alike));

	TRY(watch_read(decision->state, &watch));
	memcpy(order.account, payee_account(&payee, decision->time), sizeof order.account);
	order.entry = decision->entry;
	order.time = decision->time;
	order.ruled_entry = record->decided_entry;
	order.payer = decision->actor->key;
	order.sent = sent_how(again, known, alike);
	order.changed_entry = payee_changed(&payee, decision->time);
	if (order.changed_entry < record->decided_entry)
		order.changed_entry = 0;
	if (order.sent == PAYEE_UNNAMED || order.sent == PAYEE_ALIKE) /* a person has to tell whose it is */
		order.changed_entry = decision->entry;
	order.most = watch.holders;
	TRY(payee_count(decision->state, order.account, decision->entry, order.most, &order.holders));
	ordered->shown = shown_by(&order);
	memcpy(ordered->rail, payee.rail, sizeof ordered->rail);
	ordered->order = order;
	show_order(decision, named, &order);
	return decision_put(decision, &path, &order, sizeof order);
}
