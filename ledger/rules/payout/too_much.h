/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/sharing.h"

/*
 * What was ordered out or paid of an advance, and is too much since the claim's loss is less (README.md): a pool that gives the claim
 * more takes the place of that too, and so much less is asked back of it.
 */
struct too_much {
	int64_t repaid;     /* of what is advanced, beyond what the round takes off the promise */
	int64_t settled;    /* of which in payments that were made */
	struct buffer less; /* the claims of which less is asked back */
};

/*
 * By the round that the section's pool is to give, before its advances are added. Claims are read where something is too much, and
 * only then. To be freed in any case.
 */
enum recourse_error too_much_find(struct decision *decision, const struct record_section *section,
	const struct sharing *sharing, struct too_much *too_much);
void too_much_free(struct too_much *too_much);

/* Of more claims than that the accounts follow by a clock: see lowered.h. */
enum { TOO_MUCH_AT_ONCE = 16 };

/* Postings that it makes at most. */
size_t too_much_postings(const struct too_much *too_much);

/* It is asked back no more. Claims are saved, the section is not. */
enum recourse_error too_much_keep(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice reference, const struct too_much *too_much);
