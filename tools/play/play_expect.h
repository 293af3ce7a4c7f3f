/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_case.h"

/* Holds a reply, or an entry, against words of a step: paths (play_path.h), and `absent PATH`. */
void play_expect_reply(
	struct play_case *play, const struct play_step *step, size_t first, size_t end, slice reply);

/*
 * Holds a refusal against the words behind "!": the error's name, the field at fault ("-": none), and what else it
 * says: entry= account= needed= available= state= limit=, or limit~ for a part. False, and `*came` says what came.
 */
bool play_expect_refusal(struct play_case *play, const struct play_step *step, size_t first, size_t end,
	enum recourse_error error, const struct recourse_refusal *refusal, const char **came);

/* What came, in the same words. */
const char *play_expect_show(
	struct play_case *play, enum recourse_error error, const struct recourse_refusal *refusal);

/* Words of a step, with blanks between them. */
const char *play_expect_words(struct play_case *play, const struct play_step *step, size_t first, size_t end);
