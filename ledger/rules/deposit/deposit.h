/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* ---- deposits (A1, A3): one for a merchant and a unit, at one custodian for ever, with a life of its own ---- */

/* NOT_FOUND with that field. */
enum recourse_error deposit_record_find(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit);

/* As it stands; where there is none, one that begins with this entry, of that party and that custodian. */
enum recourse_error deposit_record_begin(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t party, uint32_t custodian, struct record_deposit *deposit);

/* Keeps it, as this entry leaves it. */
enum recourse_error deposit_record_put(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_deposit *deposit);

/* ---- what becomes of it ---- */

/*
 * Posts money that becomes the merchant's: available; frozen while incidents have its deposit frozen (B1), for those
 * that lack it (freeze.c); held with the rest while it leaves (A5), and the exit's policy is named in the entry.
 */
enum recourse_error deposit_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps);

/* The same of money that was taken from the deposit: this is funded again, unless an incident has it. */
enum recourse_error deposit_restore(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps);

/* Money that was to be lodged is: as deposit.receive lodges it. CUSTODIAN_WRONG with the field where others keep the deposit. */
enum recourse_error deposit_top_up(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, uint32_t custodian, int64_t steps);

/* A hold's time has come: what is left of it is released. The subject is the hold's id. */
enum recourse_error deposit_hold_expired(struct decision *decision, slice hold);

/* The same while incidents have it frozen. */
enum recourse_error freeze_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps);

/*
 * What the merchant sold that may still be claimed in the incident, with what this entry posted so far; after the bar date,
 * and of one that stands, what claims ask that wait for their ruling, or to be heard at all. OVERFLOW.
 */
enum recourse_error freeze_lots(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice merchant, int64_t *steps);

/*
 * What incidents need of the merchant's deposit may be another sum by this entry: those that freeze no more give back
 * what is above, and have what is available of what lacks. The entry says how much for which.
 */
enum recourse_error freeze_follow(struct decision *decision, uint32_t party, const struct unit *unit);

/* Of one who leaves all is frozen: what one that stands has of it and does not need is for those that were declared. */
enum recourse_error freeze_hand_over(struct decision *decision, const struct record_incident *incident,
	uint32_t party, slice merchant, slice reference);

/* The same of the first that was declared, where it is in force by now; fine of one who does not leave. */
enum recourse_error freeze_follow_leaver(struct decision *decision, uint32_t party, const struct unit *unit);

/*
 * As freeze_follow() where the incident stands, in which a claim, and what becomes of one, changes what is needed. One that was
 * declared and freezes no more has what it needs by now, and gives nothing back. The section is kept.
 */
enum recourse_error freeze_follow_claims(
	struct decision *decision, const struct record_incident *incident, uint32_t party);

/* What a merchant's open incidents lack, all told, and whether one of them freezes all. */
enum recourse_error freeze_lacking(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, int64_t *lacking, bool *all);

/* The first of them that lacks something or freezes all; 0: none does. */
enum recourse_error freeze_first_lacking(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, uint32_t *incident);

/*
 * An incident that stands is to give so much that it had frozen and that was free since, as nothing of it was claimed: what lacks is
 * set apart again, where that is available still.
 */
enum recourse_error freeze_fetch(struct decision *decision, const struct record_incident *incident,
	slice merchant, slice reference, int64_t steps, bool *fetched);

/* Whether it does: where an incident of the merchant freezes no more than it needs. */
enum recourse_error freeze_is_followed(
	struct decision *decision, uint32_t party, const struct unit *unit, bool *followed);

/* An incident that freezes no more has frozen all that there was: gives back what is above. What is frozen then. */
enum recourse_error freeze_open(struct decision *decision, const struct record_incident *incident,
	uint32_t party, slice merchant, slice reference, int64_t *frozen);

/*
 * NOT_PERMITTED with the field and an incident's entry, where one has all of the merchant's deposit in some currency, or
 * lacks something that it needs, or is about to.
 */
enum recourse_error freeze_permits(struct decision *decision, const char *field, slice merchant);

/*
 * What an incident freezes (B1): what the merchant has in its currency now, available, held by an exit or set apart for
 * a withdrawal; what comes while the incident lasts is frozen when it comes (freeze.c). A follower: see area.h.
 */
enum recourse_error deposit_section_opened(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant);

/* What it froze, for its entry: texts are borrowed. */
struct deposit_frozen {
	int64_t available;
	slice exit;          /* that it blocks, */
	int64_t held;        /* and what that held */
	uint64_t withdrawal; /* the entry of the one that it cancels */
};

/*
 * The same of a withdrawal: what was set apart and not paid is frozen with the rest, under `reference`. Then: that incident
 * should not have been, and the withdrawal is as it was, out of what is `left` of what was frozen and of what is available,
 * unless another incident has the deposit, or not so much is there any more. 0: there was none.
 */
enum recourse_error withdrawal_freeze(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t incident, slice reference, struct deposit_frozen *frozen);
enum recourse_error withdrawal_thaw(struct decision *decision, uint64_t withdrawal,
	const struct record_incident *incident, slice merchant, int64_t *left);

/*
 * What was set apart for a withdrawal is not paid as long as an incident lacks something: it is cancelled then, for those that
 * lack, and what they leave of it is available. Fine where there is none, or nothing lacks.
 */
enum recourse_error withdrawal_give_way(struct decision *decision, slice merchant, const struct unit *unit);

/*
 * An incident is done with a deposit, and leaves so much of what it froze (B6): that is for those that lack it of the
 * incidents that go on, or held by the exit that it blocked, or available. The section does not have it any more:
 * section_close(). `had`: it had until now; else this is money that came back to it after its end.
 */
enum recourse_error unfreeze_section(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice merchant, bool had, int64_t left);

/* ---- what there is of a deposit makes up for one that was returned unpaid: deposit_bounce.h. `left` is less by it. ---- */

enum recourse_error exit_take(
	struct decision *decision, uint32_t merchant, const struct unit *unit, int64_t *left);

/* Of what incidents have frozen what is above what they need, then of the one that needs least: as if less had come in. */
enum recourse_error freeze_take(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, int64_t *left);

/* What was set apart for a withdrawal is not paid: it comes in again. Fine where there is none. */
enum recourse_error withdrawal_end(struct decision *decision, slice merchant, const struct unit *unit);

/* Whether what this entry is to say beside it leaves room for that: a line for each incident that goes on. */
enum recourse_error unfreeze_fits(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *fits);

/* ---- exits ---- */

/* A merchant's exit (A5). Items and refunds are in exit_refund.c. */
struct exit_standing {
	struct record_exit record;
	slice id;
	slice merchant;
	int64_t held; /* in 2030 under the exit's id, with what this command did to it */
};

/* By the id that a field gives: its policy is named in the entry. NOT_FOUND with field "exit". */
enum recourse_error exit_governing(struct decision *decision, slice id, struct exit_standing *standing);

/*
 * Keeps the record, with the day by which the custodian pays what can be paid, and makes the entry one about the exit and
 * its merchant.
 */
enum recourse_error exit_save(struct decision *decision, struct exit_standing *standing);

/* What the custodian is to pay: what is held less what is retained, never below zero. */
int64_t exit_refundable(const struct record_exit *record, int64_t held);

/* Posts money that becomes the merchant's where no incident has its deposit: held with the rest during an exit. */
enum recourse_error exit_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps);

/* What was credited to it is not there any more; never what it keeps back: NOT_PERMITTED with field "entry". */
enum recourse_error exit_take_back(struct decision *decision, const struct booked *booked);

/* It was not requested: what is held of it is available again. NOT_PERMITTED with field "entry" and what rests on it. */
enum recourse_error exit_reverse_request(struct decision *decision, const struct booked *booked);

/* What deposit.reverse takes back: a deposit as it was posted, a hold that was just put. Texts may be short-lived. */
enum recourse_error deposit_reverse_keep(
	struct decision *decision, slice merchant, slice line, const struct unit *unit, int64_t steps);
enum recourse_error deposit_reverse_keep_hold(
	struct decision *decision, slice hold, const struct unit *unit, const struct record_hold *record);

/* What an appeal restored and the funder paid in is a merchant's as a deposit is; and either back, or booked again. */
enum recourse_error deposit_reverse_keep_restored(struct decision *decision, uint64_t appeal, slice merchant,
	slice line, const struct unit *unit, int64_t steps);
enum recourse_error deposit_reverse_money(struct decision *decision, struct booked *booked);

/* Its bank returned it unpaid: what waits for a liquidator still is not there, any other is owed (deposit_bounce.h). */
enum recourse_error deposit_reverse_unpaid(struct decision *decision, const struct booked *booked);

/*
 * Money for an insolvent merchant's deposit, which waits under this entry (record_top_up); its liquidator let what came by
 * `top_up` into the deposit; and it did not: NOT_PERMITTED with field "entry" where the deposit has less of it.
 */
enum recourse_error deposit_put_aside(struct decision *decision, uint32_t custodian, slice merchant,
	const struct unit *unit, int64_t steps);
enum recourse_error deposit_reverse_keep_aside(
	struct decision *decision, slice merchant, slice line, const struct unit *unit, int64_t steps);
enum recourse_error deposit_reverse_keep_confirmed(
	struct decision *decision, uint64_t top_up, slice merchant, const struct unit *unit, int64_t steps);
enum recourse_error deposit_reverse_unconfirm(struct decision *decision, const struct booked *booked);

/* Clocks. The subject is the exit's id. */
enum recourse_error exit_notice_ended(struct decision *decision, slice id);
enum recourse_error exit_tail_ended(struct decision *decision, slice id);
enum recourse_error exit_overdue(struct decision *decision, slice id);

/*
 * One was declared: what an exit of the merchant holds before its refund goes to it, under its id, and the exit is
 * blocked until the incident is done with it.
 */
enum recourse_error exit_block_freeze(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant, struct deposit_frozen *frozen);

/*
 * The incident is done with it, and left so much: the exit goes on where no other has the deposit `frozen`, and takes what
 * it is to hold of that again.
 */
enum recourse_error exit_unblock(struct decision *decision, const struct record_section *section,
	const struct unit *unit, bool frozen, int64_t *left);

/* The first incident that blocks it; zero where none does. */
enum recourse_error exit_block_first(struct state_view *view, slice id, uint32_t *incident);

/* ---- as readers see it ---- */

/* The three parts of a deposit at one time: deposit.statement shows them, and merchant.brief. */
struct statement_balances {
	struct unit unit;
	int64_t available;
	int64_t frozen;
	int64_t exit_hold;
};

/* As they stood before that many entries; what was not there yet stood at nothing. `unit` is filled already. */
enum recourse_error statement_view_balances(
	struct query *query, slice merchant, uint64_t entries, struct statement_balances *balances);

/* Their columns, in a row that has them there: a member and its dot, or nothing. */
#define STATEMENT_BALANCES(row, there)                                                                       \
	{COLUMN_AMOUNT("available", row, there available, there unit, "that nothing holds")},                \
		{COLUMN_AMOUNT("frozen", row, there frozen, there unit, "by holds, incidents and appeals")}, \
	{                                                                                                    \
		COLUMN_AMOUNT("exit_hold", row, there exit_hold, there unit, "held for an exit")             \
	}

/* One merchant's exit as readers see it: report.exits shows all of them, merchant.brief the one under way. */
struct exit_view {
	struct record_exit record;
	slice id; /* borrowed from the caller */
	slice merchant;
	struct record_incident blocker; /* the first incident that blocks it; zeroes: none does */
	int64_t held;                   /* in 2030 under its id */
	int64_t refundable;
	const char *next_step; /* what comes next, a constant, */
	uint64_t next_due;     /* and by when; 0: whenever */
	uint64_t overdue_since;
	bool overdue;
	struct view_range items;
};

/* QUERY_NOT_FOUND. */
enum recourse_error exit_view_read(struct query *query, slice id, struct exit_view *exit);

/* Whose it is, then how it stands, then its terms, days and items. */
enum { EXIT_VIEW_STANDING = 1, EXIT_VIEW_TERMS = 17, EXIT_VIEW_COLUMNS = 23 };
extern const struct recourse_column exit_view_columns[EXIT_VIEW_COLUMNS];

/* What is kept back and what was, item by item with its reason; within an exit. */
enum { EXIT_VIEW_ITEM_COLUMNS = 8 };
extern const struct recourse_column exit_view_item_columns[EXIT_VIEW_ITEM_COLUMNS];
view_visitor exit_view_item;
