/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/*
 * A standing incident (D11): nobody has failed, and what one customer lost is claimed all the same. Its policy freezes what
 * is claimed and no more; it has no window that has to close. README.md.
 */

/*
 * It is a merchant's, who has one in a currency. FIELD_MISSING "merchant"; NOT_PERMITTED with "policy" and the entry of the one that
 * stands.
 */
enum recourse_error standing_check(struct decision *decision, const struct record_incident *incident);

/* Whether it takes claims. */
bool standing_takes_claims(const struct record_incident *incident);

/*
 * The incident that decides about a lot where none is named: the one that was declared of its merchant, its issuer or its batch, whose
 * bar date is to come; without one, the one whose bar date is past and that has not ended, if the lot was recorded by then;
 * without one, the one that stands. `filed` is the entry of a claim that is there, 0 of one that is filed now: it counts for
 * whom it was filed before, when the bar date is past. FIELD_MISSING "incident" where several were declared, NOT_FOUND where there
 * is none.
 */
enum recourse_error standing_find(struct decision *decision, const struct record_entitlement *lot,
	uint64_t filed, struct record_incident *incident);

/*
 * The one that stands, for a claim of one that is cancelled: what was filed before that was declared goes back to where it was in time,
 * also after its bar date.
 */
enum recourse_error standing_other(struct decision *decision, const struct record_entitlement *lot,
	uint64_t filed, const struct record_incident *cancelled, struct record_incident *incident,
	bool *there);

/* Whether one that stands is to leave a lot, or a claim filed by that entry, to a declared one: the first of those. */
enum recourse_error standing_failed(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *lot, uint64_t filed, struct record_incident *declared, bool *failed);

/* NOT_PERMITTED with that field and its entry, where one that stands is asked to decide what a declared one is to. */
enum recourse_error standing_gives_way(struct decision *decision, const char *field,
	const struct record_incident *incident, const struct record_entitlement *lot, uint64_t filed);

/*
 * Whether a claim of an incident, filed by that entry, waits where it does not belong: its incident stands, and one that has its lot was
 * declared since. It is to be moved, whatever the day.
 */
enum recourse_error standing_unmoved(struct state_view *view, const struct record_incident *incident,
	const struct record_entitlement *lot, uint64_t filed, bool *unmoved);
