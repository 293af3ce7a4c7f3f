/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/command.h"

/*
 * Reason codes (D7). A command's reason is a free id until a list of codes is published for it (reason.publish, version
 * by version); from then on another code is refused. Each code has a text in Chinese and one in English, which answers
 * show beside it, also after the code has left the list.
 */

/* A follower: NOT_FOUND with "reason" for a code that the list in force does not have. */
enum recourse_error reason_deciding(
	struct decision *decision, const struct command *command, const struct value *values);

/* Of an empty code the version of the list in force. All zeroes where nothing was published. */
enum recourse_error reason_read(
	struct state_view *view, slice command, slice code, struct record_reason *reason);
