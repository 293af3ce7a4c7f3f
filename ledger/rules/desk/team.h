/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/* NOT_FOUND with the field. */
enum recourse_error team_find(
	struct decision *decision, const char *field, slice id, struct record_team *team);

/* Whose key may see to claims: an agent's or operator's that is in force. NOT_FOUND, KEY_REVOKED, NOT_PERMITTED. */
enum recourse_error team_agent(
	struct decision *decision, const char *field, slice handle, struct record_key *key);
