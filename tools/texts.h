/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "recourse_client.h"

/*
 * What people say with a command: on the command line, in JSON and in scenarios a note is its text; what is signed is the
 * commitment to it, and the text goes beside the request. Start with a way of making notes, all else zero.
 */
struct texts {
	enum recourse_error (*make)(void *context, size_t index, slice text, struct recourse_note *note);
	void *context;
	struct arena arena;
	struct recourse_text rows[RECOURSE_TEXTS_MAX];
	size_t count;
};

/*
 * Appends the command's map with the commitment to each note in its place, and keeps the text. Without `texts` it is only
 * looked at, and nothing of it is a commitment. FIELD_LIMIT, FIELD_TYPE with the field; MEMORY; as `make`.
 */
enum recourse_error texts_commit(struct texts *texts, const struct recourse_method *method, slice map,
	struct buffer *out, struct recourse_refusal *refusal);

void texts_free(struct texts *texts);
