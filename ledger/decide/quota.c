/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/quota.h"

#include "base/instant.h"
#include "rule/authority.h"

enum { MIB = 1024 * 1024, ALL_KEYS = 0 /* no key has this number: the party's sum */ };

static struct record_path stored_path(const struct decision_actor *actor, uint32_t key)
{
	struct record_path path = record_path_of_short(RECORD_STORED, actor->party_number);
	record_path_short(&path, key);
	return path;
}

/* Of that day: with another one it begins anew. */
static enum recourse_error read_stored(
	struct state_view *state, const struct record_path *path, uint64_t day, struct record_stored *stored)
{
	TRY(record_get_optional(state, path, stored, sizeof *stored, NULL));
	if (stored->day != day)
		*stored = (struct record_stored){.day = day};
	return RECOURSE_OK;
}

static enum recourse_error add_stored(
	struct state_view *state, const struct record_path *path, uint64_t day, uint64_t bytes)
{
	struct record_stored stored;
	TRY(read_stored(state, path, day, &stored));
	stored.bytes += bytes;
	return record_put(state, path, &stored, sizeof stored);
}

enum recourse_error quota_note(
	struct state_view *state, const struct decision_actor *actor, uint64_t time, uint64_t bytes)
{
	struct record_path all = stored_path(actor, ALL_KEYS);
	struct record_path own = stored_path(actor, actor->key);
	if ((actor->roles & RECOURSE_ROLE_SYSTEM) != 0)
		return RECOURSE_OK;
	TRY(add_stored(state, &all, time / INSTANT_DAY, bytes));
	return add_stored(state, &own, time / INSTANT_DAY, bytes);
}

static uint64_t most_of(const struct record_control *control, uint64_t key)
{
	return (key == ALL_KEYS ? control->quota_party : control->quota_key) * MIB;
}

enum recourse_error quota_of(struct state_view *state, uint64_t key, uint64_t *bytes)
{
	struct record_control control;
	TRY(authority_read(state, &control));
	*bytes = most_of(&control, key);
	return RECOURSE_OK;
}

static enum recourse_error check_stored(struct state_view *state, const struct decision_actor *actor,
	uint32_t key, uint64_t day, uint64_t most, struct recourse_refusal *refusal)
{
	struct record_path path = stored_path(actor, key);
	struct record_stored stored;
	char tomorrow[INSTANT_TEXT_SIZE];
	TRY(read_stored(state, &path, day, &stored));
	if (stored.bytes < most)
		return RECOURSE_OK;
	instant_format((day + 1) * INSTANT_DAY, tomorrow);
	return refusal_limit(refusal, RECOURSE_BUSY, NULL, "%llu MiB stored in a day by %s: again from %s on",
		(unsigned long long)(most / MIB), key == ALL_KEYS ? "a party" : "a key", tomorrow);
}

enum recourse_error quota_check(struct state_view *state, const struct decision_actor *actor, uint64_t time,
	struct recourse_refusal *refusal)
{
	struct record_control control;
	uint64_t day = time / INSTANT_DAY;
	if ((actor->roles & (RECOURSE_ROLE_SYSTEM | RECOURSE_ROLE_ADMIN)) != 0)
		return RECOURSE_OK;
	TRY(authority_read(state, &control));
	TRY(check_stored(state, actor, actor->key, day, most_of(&control, actor->key), refusal));
	return check_stored(state, actor, ALL_KEYS, day, most_of(&control, ALL_KEYS), refusal);
}
