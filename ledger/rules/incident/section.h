/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Sections: what an incident is to one merchant (README.md). One is named by the incident and the merchant's number. It
 * counts its claims and what became of its pool, so that no command has to add up a million claims.
 */
enum recourse_error section_load(
	struct state_view *view, uint32_t incident, uint32_t party, struct record_section *section);
enum recourse_error section_save(struct decision *decision, const struct record_section *section);

/*
 * For a command on an incident: that of the merchant whom a field gives, NULL where it has no such field; if absent, the
 * only one that claims can be in. FIELD_MISSING with the field where there are several, NOT_FOUND.
 */
#define SECTION_FIELD FIELD_OPTIONAL(ID, "section", "the merchant, where the incident has several")
enum recourse_error section_named(struct decision *decision, const char *field, const struct value *merchant,
	const struct record_incident *incident, struct record_section *section);

/* What rounds took from its merchant's deposit: for its own claims, and as the issuer's pool for others. */
int64_t section_from_deposit(const struct record_section *section);

/*
 * What appeals restored and the funder bears still: of that deposit; and of what the section's claims have of it, and of the
 * issuer's pool, both together. What the funder paid in of the latter is recourse of the section.
 */
int64_t section_restored_pool(const struct record_section *section);
int64_t section_restored_own(const struct record_section *section);
int64_t section_restored_issuers(const struct record_section *section);
int64_t section_restored(const struct record_section *section);
int64_t section_restored_recourse(const struct record_section *section);

/* What of that the funder paid in: it was in that deposit, for others than had it. */
int64_t section_restored_there(const struct record_section *section);

/*
 * What pools have paid of what is lost by now, whose payment it was: not what is beyond that, which is asked back, and comes out of
 * each as it will go back (rules/claims/take_back.c); nor of deposits what appeals restored, which the funder bears.
 */
struct section_pools {
	int64_t deposit;
	int64_t instruments;
	int64_t issuers;
};
struct section_pools section_pools(const struct record_section *section);

/* All of it, whoever bears it. */
int64_t section_pool(const struct record_section *section);

/* What its claims have by rounds, of pools and as an advance, but what is asked back. */
int64_t section_has(const struct record_section *section);

/* What the issuer's pool has paid of it, but for what appeals restored to that, which the funder bears. */
int64_t section_issuers_part(const struct record_section *section);

/* How much of that party's deposit is frozen, an enum policy_freeze: of the issuer all, whose pool is for whoever lacks. */
uint64_t section_freeze(const struct record_incident *incident, uint32_t party);

/* What is kept of the deposit that is frozen for a section that is open. */
enum recourse_error section_frozen_pool(struct state_view *view, const struct record_incident *incident,
	const struct record_section *section, struct record_pool *pool);

/* Whether an open incident freezes all that the merchant has in its currency, whichever that is. */
enum recourse_error section_any_freezes_all(struct state_view *view, uint32_t party, bool *all);

/*
 * Whether a merchant's deposit can be frozen for one more: what comes in is shared among its open incidents by one entry,
 * which has room for so many. FIELD_LIMIT with field "incident" where it can not.
 */
enum recourse_error section_room(
	struct state_view *view, const struct record_incident *incident, uint32_t party, bool *room);
enum recourse_error section_check_room(
	struct decision *decision, const struct record_incident *incident, uint32_t party);

/*
 * From here on the merchant's deposit is frozen for that incident, which the caller keeps; its followers do that. A new
 * section, and one that was closed and begins again; FIELD_LIMIT. Then: it is not, which is all that closing one does
 * here.
 */
enum recourse_error section_open(
	struct decision *decision, struct record_incident *incident, slice merchant, uint32_t party);
enum recourse_error section_begin(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant);
enum recourse_error section_close(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* What is asked back of one claim (1120) was so much and is so much: how many are open. */
void section_count_clawback(struct record_section *section, int64_t before, int64_t after);

/* All sections of an incident added up, counts and amounts; the rest is zeroes. OVERFLOW. */
enum recourse_error section_sum(struct state_view *view, uint32_t incident, struct record_section *sum);

/*
 * The parties of its sections, in the arena, where a command changes what it walks: in the order of the merchants' ids, so that
 * it does not matter which came first.
 */
struct section_list {
	size_t count;
	uint32_t *parties;
};
enum recourse_error section_list(
	struct decision *decision, const struct record_incident *incident, struct section_list *list);

/* So many of them, by the same order. */
enum recourse_error section_sort(struct decision *decision, uint32_t *parties, size_t count);

/* What the section's advances are recourse for: those that were settled, less what of these its pool gave back to the
 * funder and what is asked back of claimants. */
int64_t section_recourse(const struct record_section *section);

/* I3: NOT_FOUND with that field unless the actor's party is its custodian, as if it were not there. */
enum recourse_error section_custodian(
	struct decision *decision, const char *field, const struct record_section *section);

/* WINDOW_CLOSED until the bar date has passed, STATE_WRONG while one of its claims waits for an answer. */
enum recourse_error section_decided(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section);
