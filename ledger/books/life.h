/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Lives: the states that a deposit, an incident, a claim … can be in, and the only steps between them. A
 * pair that is not listed in life.c is refused. Values are stored: they are fixed for ever.
 */
enum life_kind {
	LIFE_DEPOSIT,
	LIFE_INCIDENT,
	LIFE_CLAIM,
	LIFE_PAYOUT,
	LIFE_RECOURSE,
	LIFE_WRITE_OFF,
	LIFE_APPEAL,
	LIFE_EXIT,
	LIFE_INSTRUMENT,
	LIFE_WITHDRAWAL,
	LIFE_PAYMENT_BATCH,
	LIFE_KINDS,
};

enum { LIFE_NONE = 0 }; /* before the first step, in every life */

enum deposit_state {
	DEPOSIT_REQUIRED = 1,
	DEPOSIT_PARTIAL,
	DEPOSIT_FUNDED,
	DEPOSIT_FROZEN,
	DEPOSIT_APPLIED,
	DEPOSIT_TOP_UP_DUE,
	DEPOSIT_RESTRICTED,
	DEPOSIT_EXIT_HOLD,
	DEPOSIT_REFUNDED,
};
enum incident_state {
	INCIDENT_ALERT = 1,
	INCIDENT_DECLARED,
	INCIDENT_CLAIMS_OPEN,
	INCIDENT_BAR_DATE,
	INCIDENT_ADJUDICATED,
	INCIDENT_RECOVERY,
	INCIDENT_CLOSED,
	INCIDENT_REOPENED,
	INCIDENT_CANCELLED,
};
enum claim_state {
	CLAIM_RECEIVED = 1,
	CLAIM_EVIDENCE,
	CLAIM_MERCHANT_RESPONSE,
	CLAIM_PROPOSED,
	CLAIM_AGREED,
	CLAIM_RULED,
	CLAIM_APPROVED,
	CLAIM_PAYING,
	CLAIM_PAID,
	CLAIM_CLOSED,
	CLAIM_REJECTED,
	CLAIM_WITHDRAWN,
	CLAIM_LINKED,
	CLAIM_APPEALED,
	CLAIM_REOPENED,
};
enum payout_state {
	PAYOUT_DRAFT = 1, /* these two follow from the batch of an order, and are in no claim */
	PAYOUT_CHECKED,
	PAYOUT_INSTRUCTED,
	PAYOUT_ACCEPTED,
	PAYOUT_SETTLED,
	PAYOUT_RETURNED,
	PAYOUT_REISSUED,
	PAYOUT_REJECTED,
	PAYOUT_UNKNOWN,
	PAYOUT_CANCELLED,
	PAYOUT_UNCLAIMED,
	PAYOUT_AWAITING, /* the payee has yet to confirm it */
	PAYOUT_EXPIRED,  /* who did not in time */
	PAYOUT_STOPPED,  /* the rail was told to before it left */
};
enum recourse_state {
	RECOURSE_INCHOATE = 1,
	RECOURSE_PERFECTED,
	RECOURSE_DEMANDED,
	RECOURSE_PROMISED,
	RECOURSE_LITIGATED,
	RECOURSE_PROOF_LODGED,
	RECOURSE_PARTIAL,
	RECOURSE_SATISFIED,
	RECOURSE_UNECONOMIC,
};
enum write_off_state {
	WRITE_OFF_PROPOSED = 1,
	WRITE_OFF_APPROVED,
	WRITE_OFF_WRITTEN_OFF,
	WRITE_OFF_REINSTATED,
};
enum appeal_state {
	APPEAL_LODGED = 1,
	APPEAL_STAYED,
	APPEAL_UPHELD,
	APPEAL_VARIED,
	APPEAL_REVERSED,
};
enum exit_state {
	EXIT_REQUESTED = 1,
	EXIT_NOTICE,
	EXIT_TAIL,
	EXIT_OFFSET,
	EXIT_REFUNDED,
	EXIT_CANCELLED,
};
enum instrument_state {
	INSTRUMENT_IN_FORCE = 1,
	INSTRUMENT_EXHAUSTED,
	INSTRUMENT_EXPIRED,
	INSTRUMENT_CANCELLED,
};
enum withdrawal_state {
	WITHDRAWAL_REQUESTED = 1,
	WITHDRAWAL_PAID,
	WITHDRAWAL_CANCELLED,
};
enum payment_batch_state {
	PAYMENT_BATCH_MADE = 1,
	PAYMENT_BATCH_CHECKED,
	PAYMENT_BATCH_SENDING,
	PAYMENT_BATCH_SENT,
	PAYMENT_BATCH_WITHDRAWN,
};

/* Whether the step is listed. States outside the life are never listed. */
bool life_allows(enum life_kind kind, uint32_t from, uint32_t to);

/* Takes the step where it is listed; else the state is left as it is, and false. */
bool life_step(enum life_kind kind, uint32_t *state, uint32_t to);

/* "claims open", …; "none" for LIFE_NONE; NULL for a state that the life does not have. */
const char *life_state_name(enum life_kind kind, uint32_t state);

/* The same names by state, from LIFE_NONE on; NULL-terminated. */
extern const char *const life_deposit_states[];
extern const char *const life_incident_states[];
extern const char *const life_claim_states[];
extern const char *const life_payout_states[];
extern const char *const life_recourse_states[];
extern const char *const life_write_off_states[];
extern const char *const life_appeal_states[];
extern const char *const life_exit_states[];
extern const char *const life_instrument_states[];
extern const char *const life_withdrawal_states[];
extern const char *const life_payment_batch_states[];
