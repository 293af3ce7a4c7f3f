/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/person.h"

#include "rule/party.h"

/* ---- reading ---- */

static enum recourse_error read_key(struct state_view *view, slice handle, struct record_key *key)
{
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	return record_get_named(view, &path, key, sizeof *key);
}

/* Looked at for each claim of a million: no copy of the name is made in an arena. */
enum recourse_error person_key(struct state_view *view, uint32_t number, struct record_key *key)
{
	struct record_path by_number = record_path_of_short(RECORD_KEY_NAME, number);
	char handle[KEY_HANDLE_SIZE];
	TRY(record_get_named(view, &by_number, handle, sizeof handle));
	return read_key(view, RECORD_TEXT(handle), key);
}

/* Of those who agreed to what is carried out one is that person. */
static enum recourse_error is_agreed(struct decision *decision, uint32_t person, bool *agreed)
{
	struct record_key key;
	*agreed = false;
	for (size_t index = 0; !*agreed && index < decision->agreed_count; index++) {
		TRY(person_key(decision->state, decision->agreed[index], &key));
		*agreed = key.person == person;
	}
	return RECOURSE_OK;
}

enum recourse_error person_differs(
	struct decision *decision, const uint32_t *keys, size_t count, const char *field, const char *limit)
{
	for (size_t index = 0; index < count; index++) {
		struct record_key key = {.person = 0};
		bool agreed;
		if (keys[index] != 0)
			TRY(person_key(decision->state, keys[index], &key));
		TRY(is_agreed(decision, key.person, &agreed));
		if (agreed || key.person == decision->actor->person ||
			(decision->checker != NULL && key.person == decision->checker->person))
			return refuse(decision, RECOURSE_SAME_PERSON, field, limit);
	}
	return RECOURSE_OK;
}

/* Not along the chain of rotations, which has no bound: the first key knows the last one. */
enum recourse_error person_current(struct state_view *view, uint32_t number, struct record_key *key)
{
	TRY(person_key(view, number, key));
	if (key->rotated_to == 0)
		return RECOURSE_OK;
	TRY(person_key(view, key->person, key));
	return person_key(view, key->current, key);
}

enum recourse_error person_speaks(
	struct decision *decision, const char *field, uint32_t number, slice *handle)
{
	struct record_key key;
	TRY(party_key_name(decision->state, decision->arena, number, handle));
	TRY(person_current(decision->state, number, &key));
	if (key.revoked != 0)
		return refuse_entry(decision, RECOURSE_KEY_REVOKED, field, key.revoked_entry);
	return RECOURSE_OK;
}

/* ---- key.rotate ---- */

enum { ROTATE_KEY, ROTATE_NEW, ROTATE_REASON };
static const struct recourse_field rotate_fields[] = {
	[ROTATE_KEY] = FIELD(HANDLE, "key", "handle of the key that ends; its own, or any by an admin"),
	[ROTATE_NEW] = FIELD(KEY, "new", "the public key that takes its place, with its party and roles"),
	[ROTATE_REASON] = FIELD(ID, "reason", "reason code"),
};

/* Who asks for another's key is told the same whether there is one of that name or not. */
static enum recourse_error find_old(struct decision *decision, slice handle, struct record_key *old)
{
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	if ((decision->actor->roles & RECOURSE_ROLE_ADMIN) == 0 &&
		!slice_equal(handle, decision->actor->handle))
		return refuse(decision, RECOURSE_NOT_PERMITTED, "key", "its own, where it is no admin's");
	TRY(decision_find(decision, "key", &path, old, sizeof *old));
	if (old->revoked != 0)
		return refuse_entry(decision, RECOURSE_KEY_REVOKED, "key", old->revoked_entry);
	if ((old->roles & RECOURSE_ROLE_SYSTEM) != 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "key",
			"not the service's own: register another, restart with it, revoke this one");
	return RECOURSE_OK;
}

static enum recourse_error put_key(struct decision *decision, slice handle, const struct record_key *key)
{
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	return decision_put(decision, &path, key, sizeof *key);
}

/* The person's first key knows the last one; it may be the very key that ends. */
static enum recourse_error note_current(
	struct decision *decision, uint32_t person, uint32_t current, slice *handle)
{
	struct record_key first;
	TRY(party_key_name(decision->state, decision->arena, person, handle));
	TRY(read_key(decision->state, *handle, &first));
	first.current = current;
	return put_key(decision, *handle, &first);
}

/* Since when another's key is in use is told to admins only. */
static enum recourse_error add_key(struct decision *decision, slice vkey, struct record_key *key)
{
	enum recourse_error error = party_add_key(decision, "new", vkey, key);
	if (error != RECOURSE_EXISTS || (decision->actor->roles & RECOURSE_ROLE_ADMIN) != 0)
		return error;
	refusal_clear(decision->refusal);
	return refuse(decision, error, "new", NULL);
}

static enum recourse_error apply_rotate(struct decision *decision, const struct value *values)
{
	slice handle = values[ROTATE_KEY].text;
	struct record_key old;
	slice person;
	slice party;
	TRY(find_old(decision, handle, &old));
	struct record_key new_key = {.roles = old.roles, .party = old.party, .person = old.person};
	TRY(add_key(decision, values[ROTATE_NEW].text, &new_key));

	old.revoked = 1;
	old.revoked_entry = decision->entry;
	old.rotated_to = new_key.number;
	decision->rotated = true;
	TRY(put_key(decision, handle, &old));
	TRY(note_current(decision, old.person, new_key.number, &person));
	TRY(party_name(decision->state, decision->arena, old.party, &party));
	decision_fact_text(decision, "party", party);
	decision_fact_text(decision, "person", person);
	return decision_about(decision, RECORD_PARTY, party);
}

/* Of those who read all: whether a key is in use shows, and that is not for others to learn (I3). */
#define SPEAKS_FOR_ITSELF                                                                                    \
	(RECOURSE_ROLE_ADMIN | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_AGENT)
static const struct command rows[] = {
	COMMAND("key.rotate", SPEAKS_FOR_ITSELF, rotate_fields, apply_rotate,
		"put another key in the place of one, from this entry on; the person stays the same",
		RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED),
};
const struct command_group person_commands = COMMAND_GROUP(rows);
