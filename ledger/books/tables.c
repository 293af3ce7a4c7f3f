/* SPDX-License-Identifier: Apache-2.0 */
#include "books/tables.h"

#include "base/split.h"
#include "base/unit.h"
#include "books/clock_kind.h"
#include "books/clock_subject.h"
#include "books/life.h"
#include "proof/key.h"

#include <assert.h>

/* Records are stored as they lie in memory: none may have padding, whose bytes would be undefined. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"
#include "books/record_account.h"
#include "books/record_agreement.h"
#include "books/record_appeal.h"
#include "books/record_claim.h"
#include "books/record_collateral.h"
#include "books/record_custody.h"
#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "books/record_party.h"
#include "books/record_policy.h"
#include "books/record_recourse.h"
#pragma GCC diagnostic pop
_Static_assert(sizeof(struct unit) == 16 + 4 + 4, "of which records are made");
_Static_assert(sizeof(struct split) == 5 * 8, "of which records are made");
_Static_assert(sizeof(struct record_deadline) == 8 + 8 + STATE_KEY_MAX, "a record too");

/* Raised by hand where a record changes and its size does not. */
enum { LAYOUT = 1 };

/* What the row's own key says. It has been built in its table's shape (asserted). */
static struct table_key key_of(const struct record_path *row)
{
	struct table_key key;
	slice bytes = record_path_slice(row);
	enum recourse_error error = table_form_read_key(tables_of(bytes), bytes, &key);
	assert(error == RECOURSE_OK);
	return key;
}

/* ---- indexes: see table_form.h ---- */

/* The most urgent first. */
static bool open_duty(const struct record_path *row, const void *record, struct record_path *path)
{
	const struct record_collateral *collateral = record;
	struct table_key key = key_of(row);
	record_path_number(path, collateral->due);
	record_path_text(path, key.parts[0].text);
	record_path_text(path, key.parts[1].text);
	return collateral->duty != 0;
}

/* In the order in which they are drawn: by rank, then by id. */
static bool live_instrument(const struct record_path *row, const void *record, struct record_path *path)
{
	const struct record_instrument *instrument = record;
	record_path_short(path, instrument->merchant);
	record_path_text(path, unit_code(&instrument->unit));
	record_path_short(path, instrument->draw);
	record_path_text(path, key_of(row).parts[0].text);
	return instrument->ended_entry == 0;
}

static bool merchants_instrument(const struct record_path *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_instrument *)record)->merchant);
	record_path_text(path, key_of(row).parts[0].text);
	return true;
}

static bool providers_instrument(const struct record_path *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_instrument *)record)->provider);
	record_path_text(path, key_of(row).parts[0].text);
	return true;
}

static bool instruments_call(const struct record_path *row, const void *record, struct record_path *path)
{
	struct table_key key = key_of(row);
	(void)record;
	record_path_text(path, key.parts[2].text);
	record_path_short(path, (uint32_t)key.parts[0].number);
	return true;
}

static bool staying_appeal(const struct record_path *row, const void *record, struct record_path *path)
{
	const struct record_appeal *appeal = record;
	record_path_short(path, appeal->incident);
	record_path_number(path, key_of(row).parts[0].number);
	return appeal->state == APPEAL_STAYED;
}

static bool payable_withdrawal(const struct record_path *row, const void *record, struct record_path *path)
{
	const struct record_withdrawal *withdrawal = record;
	record_path_short(path, withdrawal->custodian);
	record_path_number(path, key_of(row).parts[0].number);
	return withdrawal->state == WITHDRAWAL_REQUESTED;
}

static bool open_exit(const struct record_path *row, const void *record, struct record_path *path)
{
	const struct record_exit *exit = record;
	record_path_short(path, exit->merchant);
	record_path_text(path, unit_code(&exit->unit));
	record_path_text(path, key_of(row).parts[0].text);
	return exit->closed_entry == 0;
}

static bool merchants_exit(const struct record_path *row, const void *record, struct record_path *path)
{
	record_path_short(path, ((const struct record_exit *)record)->merchant);
	record_path_text(path, key_of(row).parts[0].text);
	return true;
}

static bool overdue_exit(const struct record_path *row, const void *record, struct record_path *path)
{
	return merchants_exit(row, record, path) && ((const struct record_exit *)record)->overdue != 0;
}

/* Nobody has reviewed it yet. */
static bool open_use(const struct record_path *row, const void *record, struct record_path *path)
{
	record_path_number(path, key_of(row).parts[0].number);
	return ((const struct record_break_glass *)record)->review_entry == 0;
}

/* ---- what clocks are set for: see clock_subject.h ---- */

_Static_assert((int)TABLE_SUBJECT_SIZE >= (int)CLOCK_SUBJECT_TEXT_SIZE, "a subject fits");

/* The id that the key is. */
static slice own_id(const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	(void)record;
	(void)text;
	return key_of(row).parts[0].text;
}

/* The entry that the key is. */
static slice own_entry(
	const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	(void)record;
	return clock_subject_of_entry(key_of(row).parts[0].number, text);
}

/* A newer one is waited for. */
static slice last_attestation(
	const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	(void)row;
	return clock_subject_of_entry(((const struct record_custody *)record)->attested_entry, text);
}

static slice incidents_id(
	const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	const struct record_incident *incident = record;
	(void)row;
	(void)text;
	return slice_of(incident->id, strnlen(incident->id, sizeof incident->id));
}

static slice merchant_in_unit(
	const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	const struct record_collateral *collateral = record;
	(void)row;
	return clock_subject_of_party(unit_code(&collateral->unit), collateral->merchant, text);
}

static slice issuer_in_unit(
	const struct record_path *row, const void *record, char text[static TABLE_SUBJECT_SIZE])
{
	const struct record_issuer *issuer = record;
	(void)row;
	return clock_subject_of_party(unit_code(&issuer->unit), issuer->issuer, text);
}

#define CLOCK(kind, type, member, subject)                                                                   \
	{                                                                                                    \
		kind, offsetof(struct type, member), subject                                                 \
	}
#define ROW(number) [(number)-RECORD_FIRST]
static const struct table rows[RECORD_TABLES] = {
	ROW(RECORD_LEDGER) = {.name = "ledger",
		.holds = "the ledger itself: origin, log key, how far its time runs ahead",
		.size = sizeof(struct record_ledger)},
	ROW(RECORD_COUNTER) = {.name = "counter",
		.holds = "how many numbers of a table were given out",
		.parts = {{"table", TABLE_SHORT}},
		.size = sizeof(uint64_t)},
	ROW(RECORD_PARTY) = {.name = "party",
		.holds = "a party",
		.parts = {{"party", TABLE_TEXT}},
		.size = sizeof(struct record_party)},
	ROW(RECORD_PARTY_NAME) = {.name = "party name",
		.holds = "the id of a party, by its number",
		.parts = {{"number", TABLE_SHORT}},
		.size = TEXT_ID_SIZE},
	ROW(RECORD_KEY) = {.name = "key",
		.holds = "a key",
		.parts = {{"handle", TABLE_TEXT}},
		.size = sizeof(struct record_key)},
	ROW(RECORD_KEY_NAME) = {.name = "key name",
		.holds = "the handle of a key, by its number",
		.parts = {{"number", TABLE_SHORT}},
		.size = KEY_HANDLE_SIZE},
	ROW(RECORD_KEY_BYTES) = {.name = "key bytes",
		.holds = "the entry that registered a public key",
		.parts = {{"bytes", TABLE_REST}},
		.size = sizeof(uint64_t)},
	ROW(RECORD_UNIT) = {.name = "unit",
		.holds = "a unit of the ledger's own",
		.parts = {{"unit", TABLE_TEXT}},
		.size = sizeof(struct unit)},
	ROW(RECORD_POLICY) = {.name = "policy",
		.holds = "a published version of a policy",
		.parts = {{"policy", TABLE_TEXT}, {"version", TABLE_SHORT}},
		.size = sizeof(struct record_policy)},
	ROW(RECORD_CALENDAR) = {.name = "calendar",
		.holds = "the working days of a year",
		.parts = {{"calendar", TABLE_TEXT}, {"year", TABLE_NUMBER}},
		.size = sizeof(struct record_calendar)},
	ROW(RECORD_RULE) = {.name = "rule",
		.holds = "the version of a rule that was adopted",
		.parts = {{"command", TABLE_TEXT}},
		.size = sizeof(struct record_rule)},
	ROW(RECORD_REASON_CODE) = {.name = "reason",
		.holds = "a reason code of a command, with its texts; the empty one: the list",
		.parts = {{"command", TABLE_TEXT}, {"code", TABLE_TEXT}},
		.size = sizeof(struct record_reason)},
	ROW(RECORD_REQUEST) = {.name = "request",
		.holds = "a request that was taken",
		.parts = {{"party", TABLE_SHORT}, {"request", TABLE_TEXT}},
		.size = sizeof(struct record_request)},
	ROW(RECORD_ACCOUNT) = {.name = "account",
		.holds = "an account",
		.parts = {{"code", TABLE_SHORT}, {"party", TABLE_TEXT}, {"reference", TABLE_TEXT},
			{"unit", TABLE_TEXT}},
		.size = sizeof(struct record_account)},
	ROW(RECORD_ACCOUNT_SUM) = {.name = "account sum",
		.holds = "the accounts of all references together",
		.parts = {{"code", TABLE_SHORT}, {"party", TABLE_TEXT}, {"unit", TABLE_TEXT}},
		.size = sizeof(struct record_account)},
	ROW(RECORD_HISTORY) = {.name = "history",
		.holds = "how an account stood after an entry",
		.parts = {{"account", TABLE_SHORT}, {"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_history)},
	ROW(RECORD_DAY) = {.name = "day",
		.holds = "the first entry of a day",
		.parts = {{"day", TABLE_NUMBER}},
		.size = sizeof(uint64_t)},
	ROW(RECORD_ABOUT) = {.name = "about",
		.holds = "an entry is about it",
		.parts = {{"table", TABLE_SHORT}, {"id", TABLE_TEXT}, {"entry", TABLE_NUMBER}}},
	ROW(RECORD_DEADLINE) = {.name = "deadline",
		.holds = "a clock that is set: by which entry, and of which row",
		.parts = {{"due", TABLE_NUMBER}, {"kind", TABLE_SHORT}, {"subject", TABLE_TEXT}},
		.size = sizeof(struct record_deadline)},
	ROW(RECORD_BANK_LINE) = {.name = "bank line",
		.holds = "the entry that a bank's line counts for",
		.parts = {{"custodian", TABLE_TEXT}, {"reference", TABLE_TEXT}},
		.size = sizeof(uint64_t)},
	ROW(RECORD_CONTROL) = {.name = "control",
		.holds = "the published limits on one person alone",
		.size = sizeof(struct record_control)},
	ROW(RECORD_USED) = {.name = "used",
		.holds = "how much of a limit is used",
		.parts = {{"command", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"span", TABLE_SHORT},
			{"of", TABLE_REST}},
		.size = sizeof(int64_t)},
	ROW(RECORD_PROPOSAL) = {.name = "proposal",
		.holds = "a command that waits for other people",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_proposal),
		.clocks = {CLOCK(CLOCK_PROPOSAL, record_proposal, expires, own_entry)}},
	ROW(RECORD_PROPOSED) = {.name = "proposed",
		.holds = "the command itself, as the map that was submitted",
		.parts = {{"entry", TABLE_NUMBER}},
		.followed = true},
	ROW(RECORD_BREAK_GLASS) = {.name = "break-glass",
		.holds = "a proposal carried out without all approvals",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_break_glass),
		.indexes = {{RECORD_BREAK_GLASS_OPEN, open_use}},
		.clocks = {CLOCK(CLOCK_REVIEW, record_break_glass, clock, own_entry)}},
	ROW(RECORD_BREAK_GLASS_OPEN) = {.name = "break-glass open",
		.holds = "a use that waits for its review",
		.parts = {{"entry", TABLE_NUMBER}}},
	ROW(RECORD_CUSTODY) = {.name = "custody",
		.holds = "what a custodian attested last",
		.parts = {{"custodian", TABLE_TEXT}, {"unit", TABLE_TEXT}},
		.size = sizeof(struct record_custody),
		.clocks = {CLOCK(CLOCK_CUSTODY, record_custody, clock, last_attestation)}},
	ROW(RECORD_ATTESTATION) = {.name = "attestation",
		.holds = "what a custodian attested of a day",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_attestation)},
	ROW(RECORD_BREAK) = {.name = "break",
		.holds = "where bank and ledger differ",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_break)},
	ROW(RECORD_INCIDENT) = {.name = "incident",
		.holds = "an incident",
		.parts = {{"number", TABLE_SHORT}},
		.size = sizeof(struct record_incident),
		.clocks = {CLOCK(CLOCK_BAR_DATE, record_incident, clock, incidents_id)}},
	ROW(RECORD_INCIDENT_NAME) = {.name = "incident name",
		.holds = "the number of an incident",
		.parts = {{"incident", TABLE_TEXT}},
		.size = sizeof(uint32_t)},
	ROW(RECORD_COLLATERAL) = {.name = "collateral",
		.holds = "what secures a merchant's customers",
		.parts = {{"merchant", TABLE_TEXT}, {"unit", TABLE_TEXT}},
		.size = sizeof(struct record_collateral),
		.indexes = {{RECORD_DUTY, open_duty}},
		.clocks = {CLOCK(CLOCK_TOP_UP, record_collateral, clock, merchant_in_unit)}},
	ROW(RECORD_SHARE) = {.name = "share",
		.holds = "what of it is an issuer's",
		.parts = {{"issuer", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"merchant", TABLE_TEXT}},
		.size = sizeof(struct record_share)},
	ROW(RECORD_ISSUER) = {.name = "issuer",
		.holds = "the same, of an issuer over all merchants",
		.parts = {{"issuer", TABLE_TEXT}, {"unit", TABLE_TEXT}},
		.size = sizeof(struct record_issuer),
		.clocks = {CLOCK(CLOCK_COVERAGE, record_issuer, watch, issuer_in_unit)}},
	ROW(RECORD_ISSUER_CASH) = {.name = "issuer cash",
		.holds = "the cash of it that a custodian keeps",
		.parts = {{"issuer", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"custodian", TABLE_SHORT}},
		.size = sizeof(int64_t)},
	ROW(RECORD_REQUIREMENT) = {.name = "requirement",
		.holds = "a published version of what has to be lodged",
		.parts = {{"policy", TABLE_TEXT}, {"version", TABLE_SHORT}},
		.size = sizeof(struct record_requirement)},
	ROW(RECORD_CLASS) = {.name = "class",
		.holds = "the class of an issuer",
		.parts = {{"issuer", TABLE_TEXT}},
		.size = sizeof(struct record_class)},
	ROW(RECORD_DUTY) = {.name = "duty",
		.holds = "those with a duty to top up, the most urgent first",
		.parts = {{"due", TABLE_NUMBER}, {"merchant", TABLE_TEXT}, {"unit", TABLE_TEXT}}},
	ROW(RECORD_WARNING) = {.name = "warning",
		.holds = "the published thresholds of coverage",
		.parts = {{"unit", TABLE_TEXT}},
		.size = sizeof(struct record_warning)},
	ROW(RECORD_ALERT) = {.name = "alert",
		.holds = "a change of an issuer's level",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_alert)},
	ROW(RECORD_SWEEP) = {.name = "sweep",
		.holds = "what concerns many, and where it has come to",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_sweep),
		.clocks = {CLOCK(CLOCK_SWEEP, record_sweep, clock, own_entry)}},
	ROW(RECORD_INSTRUMENT) = {.name = "instrument",
		.holds = "what secures a merchant beside its deposit",
		.parts = {{"instrument", TABLE_TEXT}},
		.size = sizeof(struct record_instrument),
		.indexes = {{RECORD_INSTRUMENT_LIVE, live_instrument},
			{RECORD_INSTRUMENT_PARTY, merchants_instrument},
			{RECORD_INSTRUMENT_PARTY, providers_instrument}},
		.clocks = {CLOCK(CLOCK_INSTRUMENT, record_instrument, clock, own_id)}},
	ROW(RECORD_INSTRUMENT_LIVE) = {.name = "instrument live",
		.holds = "those in force, as they are drawn",
		.parts = {{"merchant", TABLE_SHORT}, {"unit", TABLE_TEXT}, {"draw", TABLE_SHORT},
			{"instrument", TABLE_TEXT}}},
	ROW(RECORD_INSTRUMENT_PARTY) = {.name = "instrument party",
		.holds = "those of a merchant or a provider",
		.parts = {{"party", TABLE_SHORT}, {"instrument", TABLE_TEXT}}},
	ROW(RECORD_INSTRUMENT_CALLED) = {.name = "instrument called",
		.holds = "the incidents that one was called for",
		.parts = {{"instrument", TABLE_TEXT}, {"incident", TABLE_SHORT}}},
	ROW(RECORD_CALL) = {.name = "call",
		.holds = "what was called from an instrument for an incident",
		.parts = {{"incident", TABLE_SHORT}, {"draw", TABLE_SHORT}, {"instrument", TABLE_TEXT}},
		.size = sizeof(struct record_instrument_call),
		.indexes = {{RECORD_INSTRUMENT_CALLED, instruments_call}}},
	ROW(RECORD_DEPOSIT) = {.name = "deposit",
		.holds = "a deposit",
		.parts = {{"merchant", TABLE_TEXT}, {"unit", TABLE_TEXT}},
		.size = sizeof(struct record_deposit)},
	ROW(RECORD_HOLD) = {.name = "hold",
		.holds = "a hold on a deposit",
		.parts = {{"hold", TABLE_TEXT}},
		.size = sizeof(struct record_hold),
		.clocks = {CLOCK(CLOCK_HOLD, record_hold, expires, own_id)}},
	ROW(RECORD_SIGNAL) = {.name = "signal",
		.holds = "a sign of default",
		.parts = {{"merchant", TABLE_TEXT}},
		.size = sizeof(struct record_signal),
		.clocks = {CLOCK(CLOCK_SIGNAL, record_signal, expires, own_id)}},
	ROW(RECORD_WITHDRAWAL) = {.name = "withdrawal",
		.holds = "a withdrawal of what is lodged beyond need",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_withdrawal),
		.indexes = {{RECORD_PAYABLE, payable_withdrawal}}},
	ROW(RECORD_PAYABLE) = {.name = "payable",
		.holds = "what a custodian is to pay",
		.parts = {{"custodian", TABLE_SHORT}, {"entry", TABLE_NUMBER}}},
	ROW(RECORD_EXIT) = {.name = "exit",
		.holds = "a merchant's exit",
		.parts = {{"exit", TABLE_TEXT}},
		.size = sizeof(struct record_exit),
		.indexes = {{RECORD_EXIT_OPEN, open_exit}, {RECORD_EXIT_LIST, merchants_exit},
			{RECORD_EXIT_OVERDUE, overdue_exit}},
		.clocks = {CLOCK(CLOCK_EXIT_NOTICE, record_exit, notice_clock, own_id),
			CLOCK(CLOCK_EXIT_TAIL, record_exit, tail_clock, own_id),
			CLOCK(CLOCK_EXIT_REFUND, record_exit, refund_clock, own_id)}},
	ROW(RECORD_EXIT_OPEN) = {.name = "exit open",
		.holds = "the exit under way",
		.parts = {{"merchant", TABLE_SHORT}, {"unit", TABLE_TEXT}, {"exit", TABLE_TEXT}}},
	ROW(RECORD_EXIT_LIST) = {.name = "exit list",
		.holds = "those of a merchant",
		.parts = {{"merchant", TABLE_SHORT}, {"exit", TABLE_TEXT}}},
	ROW(RECORD_EXIT_ITEM) = {.name = "exit item",
		.holds = "what of an exit is kept back, and why",
		.parts = {{"exit", TABLE_TEXT}, {"item", TABLE_TEXT}},
		.size = sizeof(struct record_exit_item)},
	ROW(RECORD_EXIT_BLOCK) = {.name = "exit block",
		.holds = "the entry of an incident that an exit waits for",
		.parts = {{"exit", TABLE_TEXT}, {"incident", TABLE_NUMBER}},
		.size = sizeof(uint64_t)},
	ROW(RECORD_EXIT_OVERDUE) = {.name = "exit overdue",
		.holds = "those of which something should have been paid by now",
		.parts = {{"merchant", TABLE_SHORT}, {"exit", TABLE_TEXT}}},
	ROW(RECORD_EXIT_OVERDUE_SUM) = {.name = "exit overdue sum",
		.holds = "the same of all exits",
		.parts = {{"unit", TABLE_TEXT}},
		.size = sizeof(struct record_exit_overdue)},
	ROW(RECORD_LIABILITY) = {.name = "liability",
		.holds = "what a party is liable for in an incident",
		.parts = {{"incident", TABLE_SHORT}, {"party", TABLE_TEXT}},
		.size = sizeof(struct record_liability)},
	ROW(RECORD_RECOVERY) = {.name = "recovery",
		.holds = "a receipt from a liable party",
		.parts = {{"recovery", TABLE_TEXT}},
		.size = sizeof(struct record_recovery)},
	ROW(RECORD_WRITE_OFF) = {.name = "write-off",
		.holds = "what is not pursued any more",
		.parts = {{"write_off", TABLE_TEXT}},
		.size = sizeof(struct record_write_off)},
	ROW(RECORD_ENTITLEMENT) = {.name = "entitlement",
		.holds = "a lot of prepaid units",
		.parts = {{"entitlement", TABLE_TEXT}},
		.size = sizeof(struct record_entitlement)},
	ROW(RECORD_CLAIM) = {.name = "claim",
		.holds = "a claim",
		.parts = {{"claim", TABLE_TEXT}},
		.size = sizeof(struct record_claim)},
	ROW(RECORD_DECIDED) = {.name = "decided",
		.holds = "a claim that was approved",
		.parts = {{"incident", TABLE_SHORT}, {"claim", TABLE_TEXT}},
		.size = sizeof(struct record_decided)},
	ROW(RECORD_ROUND) = {.name = "round",
		.holds = "one sharing-out among claims",
		.parts = {{"incident", TABLE_SHORT}, {"kind", TABLE_SHORT}, {"round", TABLE_SHORT}},
		.size = sizeof(struct record_round)},
	ROW(RECORD_DEDUCTION) = {.name = "deduction",
		.holds = "what a distribution took from a deposit",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_deduction)},
	ROW(RECORD_APPEAL) = {.name = "appeal",
		.holds = "a merchant's appeal of a deduction",
		.parts = {{"entry", TABLE_NUMBER}},
		.size = sizeof(struct record_appeal),
		.indexes = {{RECORD_STAY, staying_appeal}},
		.clocks = {CLOCK(CLOCK_APPEAL, record_appeal, clock, own_entry)}},
	ROW(RECORD_STAY) = {.name = "stay",
		.holds = "those that stay payment",
		.parts = {{"incident", TABLE_SHORT}, {"appeal", TABLE_NUMBER}}}};

const struct table *tables_at(enum record_table number)
{
	return &rows[number - RECORD_FIRST];
}

const struct table *tables_of(slice key)
{
	enum record_table number = record_path_table(key);
	return number == RECORD_END ? NULL : tables_at(number);
}

uint32_t tables_format(void)
{
	uint32_t digest = LAYOUT;
	for (size_t row = 0; row < RECORD_TABLES; row++)
		digest = table_form_digest(&rows[row], digest);
	return digest;
}
