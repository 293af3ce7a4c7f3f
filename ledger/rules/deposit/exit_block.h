/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/deposit/exit.h"

/*
 * Incidents and exits (B1, A5): an incident that is declared on a merchant before its refund takes what the exit
 * holds, and blocks the exit until it is done with it. Command exit.resume.
 */

/* An incident was declared: what is held goes to it, under its reference. */
enum recourse_error exit_block_freeze(struct decision *decision, slice merchant, slice reference,
	const struct record_incident *incident) RECOURSE_CHECK;

/* The first incident that blocks it; zero where none does. */
enum recourse_error exit_block_first(struct state_view *view, slice id, uint32_t *incident) RECOURSE_CHECK;

/* NOT_PERMITTED with its entry. */
enum recourse_error exit_block_none(
	struct decision *decision, const struct exit_standing *standing) RECOURSE_CHECK;
