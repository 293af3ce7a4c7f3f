/* SPDX-License-Identifier: Apache-2.0 */
#include "sealing.h"

#include "rule/sealed.h"

struct sealing_mark sealing_mark(const struct sealing *sealing)
{
	return (struct sealing_mark){.texts = sealing->texts.size, .keys = sealing->keys.size};
}

void sealing_rollback(struct sealing *sealing, const struct sealing_mark *mark)
{
	buffer_cut(&sealing->texts, mark->texts);
	buffer_cut(&sealing->keys, mark->keys);
}

void sealing_free(struct sealing *sealing)
{
	buffer_free(&sealing->texts);
	buffer_free(&sealing->keys);
}

void sealing_forget(struct sealing *sealing)
{
	buffer_clear(&sealing->texts);
}

enum recourse_error sealing_erased(struct sealing *sealing, struct state_view *state, uint64_t first)
{
	enum { PIECE = 64 };
	uint64_t keys[PIECE];
	size_t count;
	do {
		TRY(sealed_erasures(state, first, keys, PIECE, &count, &first));
		buffer_append(&sealing->keys, keys, count * sizeof keys[0]);
	} while (first != 0);
	return buffer_failed(&sealing->keys) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error cut(struct notes *notes, struct state *state, uint64_t entries)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	uint64_t last;
	TRY(state_snapshot_open(state, &view));
	TRY(sealed_last_key(view, &last));
	return notes_cut(notes, entries, last);
}

enum recourse_error sealing_keep(const struct sealing *sealing, struct notes *notes, struct state *state,
	const char *origin, uint64_t entries)
{
	const struct notes_text *texts = (const void *)sealing->texts.data;
	if (notes->uncut)
		TRY(cut(notes, state, entries));
	return notes_keep(notes, origin, texts, sealing->texts.size / sizeof *texts);
}

bool sealing_erases(const struct sealing *sealing)
{
	return sealing->keys.size > 0;
}

enum recourse_error sealing_erase(const struct sealing *sealing, struct notes *notes)
{
	const uint64_t *keys = (const void *)sealing->keys.data;
	enum recourse_error error = notes_erase(notes, keys, sealing->keys.size / sizeof *keys);
	return error == RECOURSE_OK ? error : RECOURSE_OUTCOME_UNKNOWN;
}
