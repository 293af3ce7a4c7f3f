/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/hearing.h"

/* A claim, with how its parties were heard: what a command about that begins with, and keeps at its end. */
struct heard {
	slice id; /* the claim's */
	struct record_claim claim;
	struct record_hearing record; /* all zeroes where there is none */
};

/* By the claim's id: NOT_FOUND with "claim". */
enum recourse_error heard_find(struct decision *decision, slice id, struct heard *heard);

/* Keeps both; the entry is about the claim. */
enum recourse_error heard_save(struct decision *decision, struct heard *heard);
