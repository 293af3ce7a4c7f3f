/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/sealed.h"

struct record_path sealed_key_path(uint64_t number)
{
	return record_path_of_number(RECORD_NOTE_KEY, number);
}

enum recourse_error sealed_last_key(struct state_view *view, uint64_t *number)
{
	struct record_path path = record_path_of_short(RECORD_COUNTER, RECORD_NOTE_KEY);
	return record_get_optional(view, &path, number, sizeof *number, NULL);
}

enum recourse_error sealed_read(struct state_view *view, slice claim, struct record_sealed *sealed)
{
	struct record_path path = record_path_of_text(RECORD_SEALED, claim);
	return record_get_optional(view, &path, sealed, sizeof *sealed, NULL);
}

enum recourse_error sealed_put_about(struct decision *decision, slice claim, struct record_sealed *sealed)
{
	struct record_path path = record_path_of_text(RECORD_SEALED, claim);
	sealed->last_entry = decision->entry;
	TRY(decision_put(decision, &path, sealed, sizeof *sealed));
	return decision_about(decision, RECORD_CLAIM, claim);
}

enum recourse_error sealed_erased(struct state_view *view, const struct record_note *note, uint64_t *entry)
{
	struct record_path path = sealed_key_path(note->key);
	struct record_note_key key;
	TRY(record_get_named(view, &path, &key, sizeof key));
	*entry = key.erased_entry;
	return RECOURSE_OK;
}

/* The key by which the claim's next note is sealed: the last one, unless that was erased. */
static enum recourse_error need_key(
	struct decision *decision, slice claim, struct record_sealed *sealed, struct record_note_key *key)
{
	struct record_path path = sealed_key_path(sealed->key);
	if (sealed->key != 0)
		TRY(record_get_named(decision->state, &path, key, sizeof *key));
	if (sealed->key != 0 && key->erased_entry == 0)
		return RECOURSE_OK;
	*key = (struct record_note_key){.notes = 0};
	record_text_set(key->claim, sizeof key->claim, claim);
	return record_count(decision->state, RECORD_NOTE_KEY, &sealed->key);
}

enum recourse_error sealed_note(struct decision *decision, slice claim, const struct value *note)
{
	struct record_sealed sealed;
	struct record_note_key key;
	if (!note->present)
		return RECOURSE_OK;
	TRY(sealed_read(decision->state, claim, &sealed));
	TRY(need_key(decision, claim, &sealed, &key));
	struct record_note record = {.key = sealed.key};
	struct record_path path = record_path_of_number(RECORD_NOTED, decision->entry);
	record_text_set(record.claim, sizeof record.claim, claim);
	memcpy(record.commitment, note->text.data, sizeof record.commitment);
	TRY(decision_put(decision, &path, &record, sizeof record));
	key.notes++;
	path = sealed_key_path(sealed.key);
	TRY(decision_put(decision, &path, &key, sizeof key));
	sealed.notes++;
	return sealed_put_about(decision, claim, &sealed);
}

enum recourse_error sealed_erasures(struct state_view *view, uint64_t first, uint64_t *keys, size_t capacity,
	size_t *count, uint64_t *next)
{
	struct record_path all = record_path_of(RECORD_NOTE_ERASED);
	struct record_path from = record_path_of_number(RECORD_NOTE_ERASED, first);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &all, &from, STATE_UP);
	*count = 0;
	*next = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		if (*count == capacity) {
			*next = walk.key.parts[0].number;
			break;
		}
		keys[(*count)++] = walk.key.parts[1].number;
	}
	return walk.error;
}
