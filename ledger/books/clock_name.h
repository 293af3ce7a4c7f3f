/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/unit.h"

/* Kinds of clocks (E3). Their numbers are in the keys, so that those due at the same instant strike in this order. */
enum clock_kind {
	CLOCK_HOLD,        /* a hold expires: what is left of it is released */
	CLOCK_BAR_DATE,    /* an incident's claim window closes */
	CLOCK_PROPOSAL,    /* a proposal that nobody decided expires */
	CLOCK_EXIT_NOTICE, /* of a merchant's exit: the notice is over, the tail begins */
	CLOCK_EXIT_TAIL,   /* the tail is over: what is not retained is to be paid */
	CLOCK_EXIT_REFUND, /* the custodian has not paid it in time */
	CLOCK_CUSTODY,     /* no attestation of custody has come in time */
	CLOCK_TOP_UP,      /* a merchant has not topped up: it is restricted */
	CLOCK_COVERAGE,    /* an issuer's coverage is looked at */
	CLOCK_SWEEP,       /* what concerns many goes on */
	CLOCK_SIGNAL,      /* a sign of default expires */
	CLOCK_REVIEW,      /* a use of break-glass was not reviewed in time */
	CLOCK_APPEAL,      /* nobody has decided an appeal in time */
	CLOCK_INSTRUMENT,  /* an instrument expires: what is left of its limit lapses */
	CLOCK_SCOPE,       /* more of an issuer's merchants come into an incident */
	CLOCK_CLOSE,       /* closing an incident is proposed, or goes on with the next merchant */
	CLOCK_SUSPENSE,    /* nobody has said what a receipt is for */
	CLOCK_EVIDENCE,    /* evidence that was asked for has not come */
	CLOCK_DUE,         /* claims should have been seen to by then */
	CLOCK_PROMISE,     /* what was promised should have been done by then */
	CLOCK_ANSWER,      /* a merchant has not answered to a claim */
	CLOCK_CONSENT,     /* not all have agreed to a ruling that was proposed */
	CLOCK_CONTEST,     /* nobody has judged the appeal of a claim's ruling in time */
	CLOCK_LAPSE, /* what was refused can not be appealed any more: what is set apart for it is free */
	CLOCK_BEHIND, /* an entry had no room to settle up a section, to move its money, or for all its claims */
	CLOCK_BANK_FILE, /* a file of a bank was begun, and is not whole */
	CLOCK_PAYMENT,   /* who pays is to be asked what became of a payment */
	CLOCK_BATCH,     /* the same of each of those that went out together */
	CLOCK_KINDS,
};
extern const char *const clock_name_kinds[]; /* by kind, in entries too; NULL at the end */

/*
 * What a clock is set for is named by an id. Some have one; what began with an entry is named by its number, what belongs to
 * a party in a currency by both, and a section by the numbers of its incident and its merchant: "1234", "CNY/17", "3/17".
 * clock.h reads them again.
 */
enum { CLOCK_SUBJECT_TEXT_SIZE = UNIT_CODE_SIZE + 24 };

/* Borrow from `text`. */
slice clock_name_of_entry(uint64_t entry, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
slice clock_name_of_party(slice unit, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
slice clock_name_of_section(uint32_t incident, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
