/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Incidents (B1): a merchant's failure. What happens in one is posted under its id as reference. */

/* NOT_PERMITTED with the entry of that incident, which stands in the way. */
enum recourse_error incident_refuse(struct decision *decision, const char *field, uint32_t number);

/* B1: the same where one freezes any of the merchant's deposits, in whatever currency. */
enum recourse_error incident_none(struct decision *decision, const char *field, slice merchant);

/* By the id that a field gives: its policy is named in the entry. NOT_FOUND with the field. */
enum recourse_error incident_governing(
	struct decision *decision, const char *field, slice id, struct record_incident *incident);

/* The same by the field "incident" of a command whose entry is about it. */
enum recourse_error incident_concerned(struct decision *decision, slice id, struct record_incident *incident);

/* The claim window closes. The subject is the incident's id. */
enum recourse_error incident_bar_date_passed(struct decision *decision, slice id);

/* By its number, from another record. */
enum recourse_error incident_load(struct state_view *view, uint32_t number, struct record_incident *incident);
enum recourse_error incident_save(struct decision *decision, const struct record_incident *incident);

/* By its id, for readers. QUERY_NOT_FOUND. */
enum recourse_error incident_read(struct state_view *view, slice id, struct record_incident *incident);

/* The same, and its id in the arena: postings refer to it until the entry is encoded. */
enum recourse_error incident_referred(
	struct decision *decision, uint32_t number, struct record_incident *incident, slice *reference);

/* Its policy governs the entry. */
void incident_name_policy(struct decision *decision, const struct record_incident *incident);

/* That policy, which is named in the entry. */
enum recourse_error incident_terms(
	struct decision *decision, const struct record_incident *incident, struct record_policy *policy);

/*
 * ---- sections: what an incident is to one merchant ----
 *
 * A section is named by its incident and its merchant's number. It counts its claims and what became of its pool, so
 * that no command has to add up a million claims.
 */
enum recourse_error section_load(
	struct state_view *view, uint32_t incident, uint32_t party, struct record_section *section);
enum recourse_error section_save(struct decision *decision, const struct record_section *section);

/* That of the merchant on which an incident was declared. */
enum recourse_error section_of(
	struct state_view *view, const struct record_incident *incident, struct record_section *section);

/* All sections of an incident added up, counts and amounts; the rest is zeroes. OVERFLOW. */
enum recourse_error section_sum(struct state_view *view, uint32_t incident, struct record_section *sum);

/* I3: NOT_FOUND with that field unless the actor's party is its custodian, as if it were not there. */
enum recourse_error section_custodian(
	struct decision *decision, const char *field, const struct record_section *section);

/* WINDOW_CLOSED until the bar date has passed, STATE_WRONG while one of its claims waits for an answer. */
enum recourse_error section_decided(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section);

/* ---- signs of default (A3): one at a time for a merchant ---- */

/* That error with the field and the signal's entry, where one stands. */
enum recourse_error default_signal_none(
	struct decision *decision, enum recourse_error error, const char *field, slice merchant);

/* A clock. The subject is the merchant. */
enum recourse_error default_signal_expired(struct decision *decision, slice merchant);

/*
 * ---- rounds: sharing out among the decided claims of a section, by largest remainder (B5, I10) ----
 *
 *   ROUND_DEPOSIT     the frozen deposit and what called instruments paid, among claims decided since the last
 *                     round, by what is approved; by the loss where the scheme is deposit-only, and the share is
 *                     what is approved
 *   ROUND_UNCOVERED   recovered for consumers' uncovered loss, by loss − approved
 *   ROUND_INTEREST    recovered for adjudged interest, by loss
 */

/* Stores one of `amount` steps, of which instruments paid `from_instruments`. AMOUNT_RANGE where it covers no claim. */
enum recourse_error round_make(struct decision *decision, struct record_section *section,
	enum round_kind kind, int64_t amount, int64_t from_instruments, struct record_round *round);

/* A decided claim's part in the round that covers it (ROUND_DEPOSIT) or in all of the kind; whether any does. */
enum recourse_error round_part(struct state_view *view, const struct record_section *section, slice claim,
	enum round_kind kind, int64_t *part, bool *covered);

/* By its number, from 1 to the section's count of that kind. STORE_CORRUPT. */
enum recourse_error round_read(struct state_view *view, const struct record_section *section,
	enum round_kind kind, uint32_t number, struct record_round *round);

/* What each decided claim that no round of the deposit covers yet weighs in the next one, in the order of their ids. */
typedef enum recourse_error round_each(void *context, int64_t weight);
enum recourse_error round_undistributed(
	struct state_view *view, const struct record_section *section, round_each *each, void *context);

/* What the scheme promises for them; where it is deposit-only, what they lost. */
int64_t round_promised(const struct record_policy *policy, const struct record_section *section);
