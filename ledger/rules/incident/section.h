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
