/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_people.h"
#include "recourse_ledger.h"

/*
 * The ledger on which a scenario is played, whatever is behind it: one in this process (play_embedded.h) or a service
 * (play_service.h). What comes back says in `error` whether it was taken; a fault of the machine comes back the same
 * way, and so does, as INTERNAL, what is not as the published description of the method has it.
 */
struct play_ledger;

struct play_submission {
	const char *actor;
	const char *id; /* NULL: a new one */
	bool each;
	slice commands; /* an array of maps */
	const struct recourse_text *texts;
	size_t text_count;
};

struct play_reply {
	enum recourse_error error;
	struct recourse_refusal refusal;
	struct recourse_bytes item; /* where there is no error */
};

struct play_ledger_kind {
	void (*submit)(struct play_ledger *ledger, const struct play_submission *submission,
		struct play_reply *reply);
	void (*query)(struct play_ledger *ledger, const char *actor, const char *method, slice params,
		struct play_reply *reply);
	enum recourse_error (*wait)(
		struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck);
	enum recourse_error (*stand)(struct play_ledger *ledger, struct recourse_standing *standing);
	/* may be NULL */
	enum recourse_error (*restart)(struct play_ledger *ledger, bool rebuild);
	enum recourse_error (*audit)(struct play_ledger *ledger, struct recourse_audit *audit);
	void (*tell)(struct play_ledger *ledger, const char *title);

	void (*close)(struct play_ledger *ledger);
};

struct play_ledger {
	const struct play_ledger_kind *kind;
	struct play_people people;
	uint64_t now;            /* nanoseconds since 1970 */
	uint64_t requests;       /* submitted so far */
	struct buffer *examples; /* where they are kept: see play_example.h; NULL: nobody wants them */
};

/* `actor` of a query: NULL or "-" asks without a key. Free a reply with play_ledger_forget(). */
void play_ledger_submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply);
void play_ledger_query(struct play_ledger *ledger, const char *actor, const char *method, slice params,
	struct play_reply *reply);
void play_ledger_forget(struct play_reply *reply);

/* Lets time pass, and clocks strike if asked; `*struck` says how many did. */
enum recourse_error play_ledger_wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck);

enum recourse_error play_ledger_stand(struct play_ledger *ledger, struct recourse_standing *standing);

/* Closes and opens it, as after a stop; with what follows from the log made anew if asked. */
enum recourse_error play_ledger_restart(struct play_ledger *ledger, bool rebuild);

/* The offline audit of all that there is. NOT_PERMITTED, as above, where it can not be made. */
enum recourse_error play_ledger_audit(struct play_ledger *ledger, struct recourse_audit *audit);

/* What comes next, for whoever watches. The title lasts as long as the case. NULL is fine, as below. */
void play_ledger_tell(struct play_ledger *ledger, const char *title);

void play_ledger_close(struct play_ledger *ledger);
