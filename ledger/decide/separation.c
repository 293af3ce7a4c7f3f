/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/separation.h"

#include "books/record_agreement.h"
#include "books/record_appeal.h"
#include "books/record_claim.h"
#include "books/record_party.h"
#include "base/try.h"
#include "decide/break_glass.h"
#include "rules/payout/deduction.h"
#include "audit/invariants.h"
#include "rule/person.h"

/* Different people: no person stands behind two of these keys. Where nobody stands there is a 0. */
static enum recourse_error all_differ(struct replay *replay, const uint32_t *keys, size_t count, bool *differ)
{
	uint32_t persons[PROPOSAL_APPROVALS_MAX + 1];
	*differ = true;
	for (size_t index = 0; index < count; index++) {
		struct record_key key = {0};
		if (keys[index] != 0)
			TRY(person_key(replay->core.state, keys[index], &key));
		persons[index] = key.person;
		for (size_t other = 0; other < index && key.person != 0; other++)
			*differ = *differ && persons[other] != key.person;
	}
	return RECOURSE_OK;
}

/* ---- H1: keys ---- */

/* A key that was rotated ended where the next one began, which is of the same person, party and roles. */
static enum recourse_error check_key(struct replay *replay, slice name, slice value, void *context)
{
	struct record_key key;
	struct record_key next;
	struct record_key first;
	(void)name;
	(void)context;
	invariants_read(value, &key, sizeof key);
	enum recourse_error error = person_key(replay->core.state, key.person, &first);
	if (error != RECOURSE_OK)
		return error;
	if (key.rotated_to == 0 && first.current != key.number)
		return replay_wrong_entry(
			replay, key.entry, "H1: a person has two keys that were not rotated");
	if (key.rotated_to == 0)
		return RECOURSE_OK;
	error = person_key(replay->core.state, key.rotated_to, &next);
	if (error == RECOURSE_OK &&
		(key.revoked == 0 || next.entry != key.revoked_entry || next.person != key.person ||
			next.party != key.party || next.roles != key.roles))
		error = replay_wrong_entry(replay, key.entry,
			"H1: a key that was rotated and the one in its place contradict each other");
	return error;
}

/* ---- H1: claims ---- */

static enum recourse_error check_claim(struct replay *replay, slice key, slice value, void *context)
{
	struct record_claim claim;
	bool differ;
	(void)key;
	(void)context;
	invariants_read(value, &claim, sizeof claim);
	const uint32_t keys[] = {claim.filer, claim.decider, claim.instructor};
	TRY(all_differ(replay, keys, sizeof keys / sizeof keys[0], &differ));
	if (!differ)
		return replay_wrong_entry(replay, claim.last_entry,
			"H1: one person took in, decided or paid the same claim twice");
	return RECOURSE_OK;
}

/* ---- H2: proposals ---- */

static enum recourse_error check_proposal(struct replay *replay, slice key, slice value, void *context)
{
	struct record_break_glass use;
	struct record_proposal proposal;
	uint32_t keys[PROPOSAL_APPROVALS_MAX + 1];
	bool differ;
	(void)key;
	(void)context;
	invariants_read(value, &proposal, sizeof proposal);
	if (proposal.given > PROPOSAL_APPROVALS_MAX || proposal.given > proposal.needed ||
		(proposal.state == PROPOSAL_APPROVED) != (proposal.given == proposal.needed))
		return replay_wrong_entry(replay, proposal.closed_entry,
			"H2: a proposal and the number of its approvals contradict each other");
	keys[0] = proposal.maker;
	memcpy(keys + 1, proposal.approvers, proposal.given * sizeof keys[0]);
	enum recourse_error error = all_differ(replay, keys, 1 + (size_t)proposal.given, &differ);
	if (error == RECOURSE_OK && !differ)
		error = replay_wrong_entry(replay, proposal.closed_entry,
			"H2: one person proposed and approved, or approved twice");
	if (error != RECOURSE_OK || proposal.state != PROPOSAL_BREAK_GLASS)
		return error;
	struct record_path path = break_glass_path(proposal.closed_entry);
	error = record_get(replay->core.state, &path, &use, sizeof use);
	return error == RECOURSE_QUERY_NOT_FOUND
		       ? replay_wrong_entry(replay, proposal.closed_entry,
				 "H6: a proposal was carried out by a use of break-glass that is not there")
		       : error;
}

/* ---- H6: break-glass ---- */

static enum recourse_error break_glass_wrong(
	struct replay *replay, enum recourse_error error, uint64_t entry, const char *what)
{
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	return replay_wrong_entry(replay, entry, "H6: %s", what);
}

/* It waits for its review, or has one: never neither, never both. */
static enum recourse_error check_review(
	struct replay *replay, uint64_t entry, const struct record_break_glass *use)
{
	struct record_path path = break_glass_open_path(entry);
	slice value;
	enum recourse_error error = state_get(replay->core.state, record_path_slice(&path), &value);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	bool open = error == RECOURSE_OK;
	if (open != (use->review_entry == 0) || open != (use->reviewer == 0) ||
		open != (use->finding == BREAK_GLASS_OPEN))
		return break_glass_wrong(
			replay, error, entry, "a use of break-glass and its review contradict each other");
	return RECOURSE_OK;
}

static enum recourse_error check_use(struct replay *replay, uint64_t entry, slice value)
{
	struct record_break_glass use;
	struct record_proposal proposal;
	slice stored;
	bool differ;
	invariants_read(value, &use, sizeof use);
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, use.proposal);
	enum recourse_error error = state_get(replay->core.state, record_path_slice(&path), &stored);
	if (error == RECOURSE_OK)
		invariants_read(stored, &proposal, sizeof proposal);
	if (error != RECOURSE_OK || proposal.state != PROPOSAL_BREAK_GLASS || proposal.closed_entry != entry)
		return break_glass_wrong(replay, error, entry,
			"a use of break-glass did not close the proposal that it names");
	if (use.maker != proposal.maker || use.given != proposal.given ||
		use.missing != proposal.needed - proposal.given)
		return break_glass_wrong(
			replay, error, entry, "a use of break-glass and its proposal contradict each other");
	const uint32_t keys[] = {use.maker, use.user, use.reviewer};
	error = all_differ(replay, keys, sizeof keys / sizeof keys[0], &differ);
	for (uint32_t given = 0; error == RECOURSE_OK && differ && given < proposal.given; given++) {
		const uint32_t agreed[] = {proposal.approvers[given], use.reviewer};
		error = all_differ(replay, agreed, sizeof agreed / sizeof agreed[0], &differ);
	}
	if (error != RECOURSE_OK || !differ)
		return break_glass_wrong(
			replay, error, entry, "one person made, carried out or reviewed what takes three");
	return check_review(replay, entry, &use);
}

/* Each of those that wait must be a use. */
static enum recourse_error check_waiting(struct replay *replay, slice key, slice value, void *context)
{
	uint64_t entry = record_path_last_number(key);
	struct record_path path = break_glass_path(entry);
	(void)context;
	enum recourse_error error = state_get(replay->core.state, record_path_slice(&path), &value);
	return error == RECOURSE_QUERY_NOT_FOUND ? break_glass_wrong(replay, error, entry,
							   "what waits for a review is no use of break-glass")
						 : error;
}

static enum recourse_error check_break_glass(struct replay *replay, slice key, slice value, void *context)
{
	(void)context;
	return check_use(replay, record_path_last_number(key), value);
}

/* ---- D7: appeals ---- */

static enum recourse_error check_appeal(struct replay *replay, slice key, slice value, void *context)
{
	struct record_deduction deduction;
	struct record_appeal appeal;
	bool differ;
	(void)context;
	invariants_read(value, &appeal, sizeof appeal);
	struct record_path path = deduction_path(appeal.deduction);
	enum recourse_error error = record_get(replay->core.state, &path, &deduction, sizeof deduction);
	/* that it is there is seen to in appeal_check.c */
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	const uint32_t keys[] = {deduction.approver, appeal.lodger, appeal.decider};
	TRY(all_differ(replay, keys, sizeof keys / sizeof keys[0], &differ));
	if (!differ)
		return replay_wrong_entry(replay, record_path_last_number(key),
			"D7: one person deducted or appealed, and decided the appeal");
	return RECOURSE_OK;
}

enum recourse_error separation_check(struct replay *replay)
{
	TRY(invariants_walk(replay, RECORD_KEY, check_key, NULL));
	TRY(invariants_walk(replay, RECORD_CLAIM, check_claim, NULL));
	TRY(invariants_walk(replay, RECORD_PROPOSAL, check_proposal, NULL));
	TRY(invariants_walk(replay, RECORD_BREAK_GLASS, check_break_glass, NULL));
	TRY(invariants_walk(replay, RECORD_BREAK_GLASS_OPEN, check_waiting, NULL));
	return invariants_walk(replay, RECORD_APPEAL, check_appeal, NULL);
}
