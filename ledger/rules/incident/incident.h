/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Incidents (B1): a merchant's failure. Declaring one freezes its deposit, fixes the policy version, opens the
 * claim window. Everything that happens in it is posted under the incident's id as reference.
 */

/* NOT_PERMITTED with the entry of that incident, which stands in the way. */
enum recourse_error incident_refuse(struct decision *decision, const char *field, uint32_t number);

/*
 * B1: an incident stands in the way of every one of its merchant's deposits, in whatever currency: NOT_PERMITTED with the
 * field and the incident's entry.
 */
enum recourse_error incident_none(struct decision *decision, const char *field, slice merchant);

/* By the id that a field gives: its policy is named in the entry. NOT_FOUND with the field. */
enum recourse_error incident_governing(
	struct decision *decision, const char *field, slice id, struct record_incident *incident);

/* The claim window closes. The subject is the incident's id. */
enum recourse_error incident_bar_date_passed(struct decision *decision, slice id);

/* By its number, from another record. */
enum recourse_error incident_load(struct state_view *view, uint32_t number, struct record_incident *incident);
enum recourse_error incident_save(struct decision *decision, const struct record_incident *incident);

/* By its id, for readers. QUERY_NOT_FOUND. */
enum recourse_error incident_read(struct state_view *view, slice id, struct record_incident *incident);

/* The incident's id, copied into the arena: postings refer to it until the entry is encoded. */
enum recourse_error incident_reference(
	struct decision *decision, const struct record_incident *incident, slice *reference);

/* I3: NOT_FOUND with that field unless the actor's party is its custodian, as if it were not there. */
enum recourse_error incident_custodian(
	struct decision *decision, const char *field, const struct record_incident *incident);

/*
 * Nobody can claim any more, and whoever did has an answer. WINDOW_CLOSED before the bar date, STATE_WRONG while a claim
 * waits.
 */
enum recourse_error incident_decided(struct decision *decision, const struct record_incident *incident);

/* Its policy governs the entry. */
void incident_name_policy(struct decision *decision, const struct record_incident *incident);

/* The policy in force for the incident. */
enum recourse_error incident_terms(
	struct decision *decision, const struct record_incident *incident, struct record_policy *policy);
