/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

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

/* By the id that a field gives: its policy is named in the entry. NOT_FOUND with field "exit". */
enum recourse_error exit_governing(
	struct decision *decision, slice id, struct exit_standing *standing) RECOURSE_CHECK;

/* The exit under way from that deposit, if there is one. */
enum recourse_error exit_under_way(struct decision *decision, uint32_t merchant, const struct unit *unit,
	struct exit_standing *standing, bool *found) RECOURSE_CHECK;

/*
 * Keeps the record, with the day by which the custodian pays what can be paid, and makes the entry one about the exit and
 * its merchant.
 */
enum recourse_error exit_save(struct decision *decision, struct exit_standing *standing) RECOURSE_CHECK;

/* What the custodian is to pay: what is held less what is retained, never below zero. */
int64_t exit_refundable(const struct record_exit *record, int64_t held);

/*
 * The state of a deposit follows its exit, where its life allows it; one that an incident has had is whole again
 * first. `incident` freezes it; 0: none.
 */
enum recourse_error exit_step_deposit(struct decision *decision, const struct exit_standing *standing,
	enum deposit_state to, uint32_t incident) RECOURSE_CHECK;

/* Claims took all of it: nothing is left to pay, nobody to wait for. It ends, and is to be kept. */
enum recourse_error exit_end_empty(struct decision *decision, struct exit_standing *standing) RECOURSE_CHECK;

/*
 * Money that becomes the merchant's during its exit is held with the rest. `taken`: it was posted. The exit's policy is
 * named in the entry where one is under way, taken or not.
 */
enum recourse_error exit_credit(struct decision *decision, uint32_t merchant, const struct unit *unit,
	int64_t steps, bool *taken) RECOURSE_CHECK;

/* Clocks. The subject is the exit's id. */
enum recourse_error exit_notice_ended(struct decision *decision, slice id) RECOURSE_CHECK;
enum recourse_error exit_tail_ended(struct decision *decision, slice id) RECOURSE_CHECK;
enum recourse_error exit_overdue(struct decision *decision, slice id) RECOURSE_CHECK;

/* ---- incidents (B1) ---- */

/*
 * One was declared: what an exit of the merchant holds before its refund goes to it, under its reference, and the exit is
 * blocked until the incident is done with it.
 */
enum recourse_error exit_block_freeze(struct decision *decision, slice merchant, slice reference,
	const struct record_incident *incident) RECOURSE_CHECK;

/* The first incident that blocks it; zero where none does. */
enum recourse_error exit_block_first(struct state_view *view, slice id, uint32_t *incident) RECOURSE_CHECK;

/* NOT_PERMITTED with its entry. */
enum recourse_error exit_block_none(
	struct decision *decision, const struct exit_standing *standing) RECOURSE_CHECK;
