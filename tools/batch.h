/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "exit_code.h"
#include "recourse_schema.h"
#include "texts.h"

/*
 * The commands of one submission: from the command line or from JSON, each checked by the schema before
 * anything is sent. Start with all zeroes.
 */
struct batch {
	struct buffer commands; /* CBOR maps, one behind the other */
	struct buffer methods;  /* of const struct recourse_method *, one for each */
	size_t count;
};

/*
 * "COMMAND field=value … COMMAND field=value …": an argument without '=' begins the next command. The mistake
 * is named; EXIT_CODE_OK when there is none.
 */
enum exit_code batch_arguments(struct batch *batch, char *const *arguments, size_t count);

/* One JSON object, an array of them, or one in each line (NDJSON): {"command": name, field: value …}. */
enum exit_code batch_json(struct batch *batch, slice text);

/* Appends all as one CBOR array; what is said in notes goes to `texts`. As texts_commit(). */
enum recourse_error batch_encode(
	const struct batch *batch, struct texts *texts, struct buffer *out, struct recourse_refusal *refusal);

/* The name of a command by its index in the batch. */
const char *batch_name(const struct batch *batch, size_t index);
void batch_free(struct batch *batch);
