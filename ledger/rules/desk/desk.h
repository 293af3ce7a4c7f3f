/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/*
 * What the desk knows of a claim beyond its own record (D2, D4, E4). Only of a claim of which something was said, or that is
 * late, is there a row; its member `desk` says so, so that what is decided in bulk looks for none. None of this is a matter of
 * money: the claim's `last_entry` stays what it is, since other commands ask by it whether something was decided of it.
 */

/* STATE_WRONG, with the entry that filed the claim that lives, for one that is linked: what is said of its lot is said of that. */
enum recourse_error desk_check_lives(struct decision *decision, const struct record_claim *claim);

/* All zeroes where there is none. */
enum recourse_error desk_load(struct state_view *view, slice claim, struct record_desk *desk);

/*
 * One for which somebody is to do something: also what later rounds gave where it is paid, and what was promised. NOT_FOUND,
 * STATE_WRONG.
 */
enum recourse_error desk_find_waiting(struct decision *decision, slice id, struct record_claim *claim);

/* Puts both; the entry is about the claim. */
enum recourse_error desk_save(
	struct decision *decision, slice id, struct record_claim *claim, struct record_desk *desk);

/* Since when it is late: of its own day and that of what was promised, the one that passed first. 0: neither has. */
uint64_t desk_since(const struct record_desk *desk);

/* Its day has passed, and nobody has done what it waits for. */
enum recourse_error desk_mark_overdue(struct decision *decision, slice id, struct record_claim *claim);
