/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXIT_H
#define EXIT_H

#include "books/record_deposit.h"
#include "rule/command.h"

/*
 * A merchant's exit (A5): request, notice, tail, offset, refund. What is available of its deposit is held from the
 * request on, in 2030 under the exit's id; clocks move it on. Command exit.request; incidents are in exit_block.c,
 * items and refunds in exit_refund.c.
 */
struct exit_standing {
	struct record_exit record;
	slice id;
	slice merchant;
	int64_t held; /* in 2030 under the exit's id, with what this command did to it */
};

/* NOT_FOUND with field "exit". Names the exit's policy in the entry. */
enum recourse_error exit_find(
	struct decision *decision, slice id, struct exit_standing *standing) RECOURSE_CHECK;

/* Keeps the record, makes the entry one about the exit, and sets or takes back the clock of the refund. */
enum recourse_error exit_save(struct decision *decision, struct exit_standing *standing) RECOURSE_CHECK;

/* The end: the merchant may ask again. Keeps the record as exit_save() does. */
enum recourse_error exit_close(struct decision *decision, struct exit_standing *standing) RECOURSE_CHECK;

/* What the custodian is to pay: what is held less what is retained, never below zero. */
int64_t exit_refundable(const struct record_exit *record, int64_t held);

/* The exit under way from that deposit, if there is one. */
enum recourse_error exit_open(struct decision *decision, slice merchant, const struct unit *unit,
	struct exit_standing *standing, bool *found) RECOURSE_CHECK;

/*
 * The state of a deposit follows its exit, where its life allows it; one that an incident has had is whole again
 * first. `incident` freezes it; 0: none.
 */
enum recourse_error exit_step_deposit(struct decision *decision, const struct exit_standing *standing,
	uint32_t to, uint32_t incident) RECOURSE_CHECK;

/* Claims took all of it: nothing is left to pay, nobody to wait for. Ends and keeps it. */
enum recourse_error exit_end_empty(struct decision *decision, struct exit_standing *standing) RECOURSE_CHECK;

/* The merchant's deposit in the exit's unit. */
struct record_path exit_deposit_path(const struct exit_standing *standing);

/* Money that becomes the merchant's during its exit is held with the rest. `taken`: it was posted. */
enum recourse_error exit_credit(struct decision *decision, slice merchant, const struct unit *unit,
	int64_t steps, bool *taken) RECOURSE_CHECK;

/* Clocks. The subject is the exit's id. */
enum recourse_error exit_notice_ended(struct decision *decision, slice id) RECOURSE_CHECK;
enum recourse_error exit_tail_ended(struct decision *decision, slice id) RECOURSE_CHECK;
enum recourse_error exit_overdue(struct decision *decision, slice id) RECOURSE_CHECK;

/* The key of an item. */
struct record_path exit_item_path(slice id, slice item);

/* The key of an overdue exit; of the sum over all in a unit where there is no merchant. */
struct record_path exit_overdue_path(slice merchant, slice id);

#endif
