/* SPDX-License-Identifier: Apache-2.0 */
#include "recourse.h"

struct description {
	const char *name;
	const char *text;
	bool retry;
};

static struct description described(const char *name, const char *text, bool retry)
{
	return (struct description){.name = name, .text = text, .retry = retry};
}

#define REFUSED(NAME, TEXT)                                                                                  \
	case RECOURSE_##NAME:                                                                                \
		return described(#NAME, TEXT, false)
#define AGAIN(NAME, TEXT)                                                                                    \
	case RECOURSE_##NAME:                                                                                \
		return described(#NAME, TEXT, true)

/* No default: the compiler names the error that was added to the list and forgotten here. */
static struct description describe(enum recourse_error error)
{
	switch (error) {
		REFUSED(OK, "Success.");

		REFUSED(MALFORMED, "This is not one JSON text or CBOR item of the accepted form.");
		REFUSED(METHOD_UNKNOWN, "There is no method or command of that name.");
		REFUSED(FIELD_UNKNOWN, "A field was given that the method does not have.");
		REFUSED(FIELD_MISSING, "A required field is missing.");
		REFUSED(FIELD_DUPLICATE, "A field was given twice.");
		REFUSED(FIELD_TYPE, "A field has a value of the wrong type.");
		REFUSED(FIELD_LIMIT, "A field is too long, too short, too large or has too many members.");
		REFUSED(FIELD_FORMAT, "A field is not written in the form that is described for it.");
		REFUSED(TOO_LARGE, "The message is larger or more deeply nested than is allowed.");
		REFUSED(SIGNATURE_REQUIRED, "This method must be called in a signed request.");
		REFUSED(SIGNATURE_INVALID, "The signature does not fit the key and the payload.");
		REFUSED(KEY_UNKNOWN, "This ledger does not know the key, or the signature is not by it.");
		REFUSED(KEY_REVOKED, "The key has been revoked.");
		REFUSED(ROLE_MISSING, "The key does not hold a role that may do this.");
		REFUSED(ORIGIN_WRONG, "The request was signed for another ledger.");
		REFUSED(REQUEST_EXPIRED, "The request arrived after the time at which it expires.");
		REFUSED(REQUEST_CONFLICT, "This request id was used before with different content.");
		REFUSED(QUERY_NOT_FOUND, "There is nothing of that name that this key may see.");

		REFUSED(UNIT_UNKNOWN, "The unit is neither an ISO 4217 currency nor defined in this ledger.");
		REFUSED(UNIT_MISMATCH, "The amounts are in different units.");
		REFUSED(AMOUNT_DIGITS, "The amount does not have exactly its unit's digits or step.");
		REFUSED(AMOUNT_RANGE, "The amount is zero, negative, or above what the rule allows.");
		REFUSED(OVERFLOW, "The result is too large to be counted.");
		REFUSED(EXISTS, "That id is already taken.");
		REFUSED(NOT_FOUND, "The command names something that does not exist.");
		REFUSED(STATE_WRONG, "This step is not possible from the state in which it stands.");
		REFUSED(INSUFFICIENT, "Less is available than is needed.");
		REFUSED(SAME_PERSON, "Two steps that need different people have the same one.");
		REFUSED(CUSTODIAN_WRONG, "The money lies with another custodian.");
		REFUSED(EVIDENCE_MISSING, "The state of the evidence was not recorded.");
		REFUSED(EVIDENCE_CONFLICT, "Quantity and state of the evidence contradict each other.");
		REFUSED(POLICY_WRONG, "The policy is not in force, or is not of the kind that is needed.");
		REFUSED(WINDOW_CLOSED, "It is too early or too late for this.");
		REFUSED(SHARES_WRONG, "The shares are empty, repeated, or do not sum up.");
		REFUSED(EXCEEDS_LOSS, "The amount is more than the provable loss or the liability.");
		REFUSED(ENTRY_TOO_LARGE,
			"The entry would be larger than 16 KiB, or have more than 174 postings.");
		REFUSED(ABORTED, "Another command of the request was refused, so none took effect.");
		REFUSED(NOT_PERMITTED, "The role fits, but the party or the circumstances do not.");

		REFUSED(NOTE_MALFORMED, "This is not a signed note, checkpoint or receipt.");
		REFUSED(NOTE_UNSIGNED, "The note carries no signature by the key that is asked for.");
		REFUSED(NOTE_FORGED, "A signature in a known key's name does not verify.");
		REFUSED(PROOF_WRONG, "The proof does not lead to the root.");
		REFUSED(ROLLBACK, "The history is shorter than one that was already seen.");
		REFUSED(FORK, "The history contradicts one that was already seen.");
		REFUSED(KEY_MALFORMED, "This is not a key in the form that notes use.");
		REFUSED(AUDIT_FAILED, "The audit found an entry that does not follow from those before it.");

		AGAIN(BUSY, "The service is busy; send the same request again later.");
		AGAIN(STOPPING, "The service is stopping; send the same request again.");
		AGAIN(STORE_FULL, "The disk is full; nothing was written.");
		REFUSED(STORE_FAILED, "The store reports an error; nothing was acknowledged.");
		REFUSED(STORE_CORRUPT, "The store is damaged: what was read is not what was written.");
		REFUSED(STORE_LOCKED, "Another process has this ledger open.");
		REFUSED(VERSION_UNKNOWN, "This was written by a version that this one does not know.");
		AGAIN(OUTCOME_UNKNOWN, "Whether this took effect is not known; ask again with the same id.");
		AGAIN(MEMORY, "The machine is out of memory.");
		REFUSED(IO, "A file can not be read or written.");
		AGAIN(CONNECTION, "The service can not be reached.");
		AGAIN(TIMED_OUT, "No answer came in time; ask again with the same id.");
		REFUSED(INTERNAL, "An error in the program was stopped before it did harm.");
	}
	return described("UNKNOWN", "unknown error", false);
}

const char *recourse_error_text(enum recourse_error error)
{
	return describe(error).text;
}

const char *recourse_error_name(enum recourse_error error)
{
	return describe(error).name;
}

bool recourse_error_retry(enum recourse_error error)
{
	return describe(error).retry;
}
