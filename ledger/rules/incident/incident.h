/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Incidents (B1): a merchant's failure. What happens in one is posted under its id as reference. */

/* NOT_PERMITTED with the entry of that incident, which stands in the way. */
enum recourse_error incident_refuse(struct decision *decision, const char *field, uint32_t number);

/* By the id that a field gives: its policy is named in the entry. NOT_FOUND with the field. */
enum recourse_error incident_governing(
	struct decision *decision, const char *field, slice id, struct record_incident *incident);

/* The same by the field "incident" of a command whose entry is about it. */
enum recourse_error incident_concerned(struct decision *decision, slice id, struct record_incident *incident);

/* I3: NOT_FOUND with field "incident" unless the actor's party is its custodian, as if it were not there. */
enum recourse_error incident_custodian(struct decision *decision, const struct record_incident *incident);
/* It was closed, or cancelled; STATE_WRONG with that field then. */
bool incident_has_ended(const struct record_incident *incident);
enum recourse_error incident_open(
	struct decision *decision, const char *field, const struct record_incident *incident);

/*
 * What a bank, a payer or a court does is not refused because an incident was closed: its money is reopened, which closing
 * it anew ends, and its claims are not. Keeps it then. STATE_WRONG where it was cancelled.
 */
enum recourse_error incident_money_moved(
	struct decision *decision, const char *field, struct record_incident *incident);

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

/* That policy, for readers; and for a rule, whose entry names it. */
enum recourse_error incident_policy(
	struct state_view *view, const struct record_incident *incident, struct record_policy *policy);
enum recourse_error incident_terms(
	struct decision *decision, const struct record_incident *incident, struct record_policy *policy);

/*
 * Who is promised nothing has a part of the pool when nobody else can come any more: its claims wait for the bar date, unless a part is
 * published or the pool is enough for all. One that stands sets apart what is claimed.
 */
bool incident_waits_for_bar(const struct record_incident *incident, const struct record_policy *policy);

/* E3: what of a claim is to be sent again, or asked back where `before` nothing was, is due anew from now on. */
enum recourse_error incident_due_anew(
	struct decision *decision, const struct record_incident *incident, struct record_claim *claim);
enum recourse_error incident_asked_anew(struct decision *decision, const struct record_incident *incident,
	int64_t before, struct record_claim *claim);

/* ---- signs of default (A3): one at a time for a merchant ---- */

/* That error with the field and the signal's entry, where one stands. */
enum recourse_error default_signal_none(
	struct decision *decision, enum recourse_error error, const char *field, slice merchant);

/* A clock. The subject is the merchant. */
enum recourse_error default_signal_expired(struct decision *decision, slice merchant);
