/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/section.h"

/*
 * The scope of an incident (B1, README.md): one merchant, or all who sold what an issuer issued, or of one batch of that.
 * Each that is in it has a section. Not all come in by the entry that declares the incident: an entry has room for some, a clock brings the rest.
 */

/* Its sections, as many as the entry has room for; a clock is set where there are more. Fills in the record. */
enum recourse_error scope_open(
	struct decision *decision, struct record_incident *incident, slice merchant, slice issuer);

/* Fills in who keeps an issuer's deposit, or those of all who sold its units. FIELD_MISSING with "custodian". */
enum recourse_error scope_custodian(
	struct decision *decision, slice issuer, struct record_incident *incident);

/* Whether such a lot is what it is about. */
bool scope_has(const struct record_incident *incident, const struct record_entitlement *lot);

/* An incident keeps the deposits of one custodian, and leaves out who lodged with another. */
enum recourse_error scope_leaves_out(
	struct state_view *view, const struct record_incident *incident, uint32_t merchant, bool *left_out);

/* Whoever sold what an issuer's is about, by name, in it or not, until that says that there is no need of more. Of a merchant's: nobody. */
typedef enum recourse_error scope_seller(void *context, uint32_t merchant, bool *more);
enum recourse_error scope_each_seller(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, scope_seller *visit, void *context);

/*
 * The section of a merchant whose lot is in scope; it is opened where it was not yet, and the incident is kept.
 * CUSTODIAN_WRONG with the field where another custodian keeps its deposit, FIELD_LIMIT.
 */
enum recourse_error scope_section(struct decision *decision, const char *field,
	struct record_incident *incident, uint32_t merchant, struct record_section *section);

/* Somebody sold that lot: it comes into the open incidents of the issuer that have it in scope. */
enum recourse_error scope_sold(struct decision *decision, const struct record_entitlement *lot);

/* NOT_PERMITTED with the field and the incident's entry, where the merchant is about to come into one. */
enum recourse_error scope_awaits_none(struct decision *decision, const char *field, slice merchant);

/* B1: the same where it is in one already, in whatever currency. */
enum recourse_error scope_none(struct decision *decision, const char *field, slice merchant);

/* The clock. The subject is the incident's id. */
enum recourse_error scope_widened(struct decision *decision, slice incident);
