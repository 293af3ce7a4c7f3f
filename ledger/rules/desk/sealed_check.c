/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* I2: what is kept of notes, keys, contacts and holds is one story. */

static enum recourse_error count_rows(
	struct check_context *check, enum record_table table, slice claim, uint64_t *count)
{
	struct record_path prefix = record_path_of_text(table, claim);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*count = 0;
	while (record_walk_next(&walk, NULL, 0))
		++*count;
	return walk.error;
}

static enum recourse_error count_holds(struct check_context *check, slice claim, uint64_t *count)
{
	struct record_path prefix = record_path_of_text(RECORD_LEGAL_HOLD, claim);
	struct record_legal_hold hold;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*count = 0;
	while (record_walk_next(&walk, &hold, sizeof hold))
		*count += hold.released_entry == 0;
	return walk.error;
}

static enum recourse_error look_at_sealed(struct check_context *check, const struct check_row *row)
{
	const struct record_sealed *sealed = row->record;
	slice claim = row->key->parts[0].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, claim);
	uint64_t notes;
	uint64_t contacts;
	uint64_t holds;
	bool there;
	TRY(count_rows(check, RECORD_NOTE_CLAIM, claim, &notes));
	TRY(count_rows(check, RECORD_CONTACT, claim, &contacts));
	TRY(count_holds(check, claim, &holds));
	TRY(record_exists(check->state, &path, &there));
	bool sums = sealed->notes == notes && sealed->contacts == contacts && sealed->holds == holds;
	return check_that_id(check, row, there && sums && (sealed->key != 0) == (notes > 0),
		"I2: notes, contacts and holds of claim ", " are not as many as it has");
}

/* No hold of the claim stood when its key was erased. */
static enum recourse_error look_at_erasure(struct check_context *check, const struct check_row *row)
{
	const struct record_note_key *key = row->record;
	struct record_path prefix = record_path_of_text(RECORD_LEGAL_HOLD, RECORD_TEXT(key->claim));
	struct record_legal_hold hold;
	bool held = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (key->erased_entry != 0 && record_walk_next(&walk, &hold, sizeof hold))
		held = held || (hold.placed_entry < key->erased_entry &&
				       (hold.released_entry == 0 || hold.released_entry > key->erased_entry));
	TRY(walk.error);
	return check_that(check, row, !held, "I2: notes of a claim were erased while a hold stood");
}

/* A key is its claim's last one, or was erased before the next was made; and it sealed what names it. */
static enum recourse_error look_at_key(struct check_context *check, const struct check_row *row)
{
	const struct record_note_key *key = row->record;
	uint64_t number = row->key->parts[0].number;
	struct record_path prefix = record_path_of_text(RECORD_NOTE_CLAIM, RECORD_TEXT(key->claim));
	struct record_path path;
	struct record_sealed sealed;
	uint64_t made;
	uint64_t notes = 0;
	TRY(sealed_read(check->state, RECORD_TEXT(key->claim), &sealed));
	TRY(sealed_last_key(check->state, &made));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_note note;
		path = record_path_of_number(RECORD_NOTED, walk.key.parts[1].number);
		TRY(record_get_named(check->state, &path, &note, sizeof note));
		bool after = key->erased_entry != 0 && walk.key.parts[1].number > key->erased_entry;
		notes += note.key == number && !after;
	}
	TRY(walk.error);
	bool last = sealed.key == number;
	return check_that(check, row,
		number <= made && notes == key->notes && (last || key->erased_entry != 0) &&
			key->erased_entry <= sealed.last_entry,
		"I2: a key of notes is neither its claim's last nor erased, or did not seal what names it");
}

static enum recourse_error look_at_note(struct check_context *check, const struct check_row *row)
{
	const struct record_note *note = row->record;
	struct record_path path = sealed_key_path(note->key);
	struct record_note_key key;
	enum recourse_error error = record_get(check->state, &path, &key, sizeof key);
	TRY(check_found(check, row, error, "I2: a note is sealed by a key that is not there"));
	return check_that(check, row, slice_equal(RECORD_TEXT(key.claim), RECORD_TEXT(note->claim)),
		"I2: a note is sealed by another claim's key");
}

static enum recourse_error look_at_contact(struct check_context *check, const struct check_row *row)
{
	const struct record_contact *contact = row->record;
	struct record_path path = record_path_of_number(RECORD_NOTED, row->key->parts[1].number);
	struct record_note note;
	bool there;
	TRY(record_get_optional(check->state, &path, &note, sizeof note, &there));
	bool same = there && slice_equal(RECORD_TEXT(note.claim), row->key->parts[0].text);
	return check_that(check, row, contact->noted ? same : !there,
		"I2: a contact has a note, and says that it has none, or the other way round");
}

static const struct check rows[] = {
	{.table = RECORD_SEALED, .entry = offsetof(struct record_sealed, last_entry), .look = look_at_sealed},
	{.table = RECORD_NOTED, .look = look_at_note},
	{.table = RECORD_NOTE_KEY,
		.entry = offsetof(struct record_note_key, erased_entry),
		.look = look_at_key},
	{.table = RECORD_NOTE_KEY,
		.entry = offsetof(struct record_note_key, erased_entry),
		.look = look_at_erasure},
	{.table = RECORD_CONTACT, .look = look_at_contact},
};
const struct check_group sealed_check_rows = CHECK_GROUP(rows);
