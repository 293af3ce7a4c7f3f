/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/party.h"

const char *const recourse_role_names[] = {
	"admin",
	"operator",
	"approver",
	"agent",
	"custodian",
	"merchant",
	"funder",
	"auditor",
	"system",
	"consumer",
	"liable-party",
	NULL,
};

static const char *const party_kinds[] = {
	"consumer",
	"merchant",
	"issuer",
	"platform",
	"custodian",
	"funder",
	"insurer",
	"liable-party",
	"liquidator",
	"mediator",
	"auditor",
	"witness",
	NULL,
};
enum {
	CONSUMER_KIND = 1 << 0,
	PLATFORM_KIND = 1 << 3,
	CUSTODIAN_KIND = 1 << 4,
	FUNDER_KIND = 1 << 5,
	LIQUIDATOR_KIND = 1 << 8,
};

/* Both counters begin with 1: the first admin's key and its party. */
enum { FIRST_NUMBER = 1 };

/* ---- reading ---- */

enum recourse_error party_ledger(struct state_view *view, struct record_ledger *ledger)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	return record_get_optional(view, &path, ledger, sizeof *ledger, NULL);
}

enum recourse_error party_by_number(
	struct state_view *view, struct arena *arena, uint32_t number, struct record_party *party)
{
	slice id;
	TRY(party_name(view, arena, number, &id));
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	return record_get_named(view, &path, party, sizeof *party);
}

enum recourse_error party_own(struct state_view *view, struct arena *arena, struct record_party *party)
{
	return party_by_number(view, arena, FIRST_NUMBER, party);
}

enum recourse_error party_own_name(struct state_view *view, struct arena *arena, slice *name)
{
	return party_name(view, arena, FIRST_NUMBER, name);
}

enum recourse_error party_key_name(
	struct state_view *view, struct arena *arena, uint32_t number, slice *handle)
{
	struct record_path path = record_path_of_short(RECORD_KEY_NAME, number);
	char name[KEY_HANDLE_SIZE];
	*handle = slice_text("");
	if (number == 0)
		return RECOURSE_OK;
	TRY(record_get_named(view, &path, name, sizeof name));
	return arena_copy(arena, RECORD_TEXT(name), handle);
}

enum recourse_error party_actor(struct state_view *view, struct arena *arena, slice handle,
	struct decision_actor *actor, struct record_key *key)
{
	if (handle.size == 0 || handle.size > KEY_HANDLE_SIZE)
		return RECOURSE_KEY_UNKNOWN;
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	bool there;
	TRY(record_get_optional(view, &path, key, sizeof *key, &there));
	if (!there)
		return RECOURSE_KEY_UNKNOWN;
	if (key->revoked != 0)
		return RECOURSE_KEY_REVOKED;
	*actor = (struct decision_actor){
		.handle = handle,
		.key = key->number,
		.person = key->person,
		.party_number = key->party,
		.roles = key->roles,
	};
	return party_name(view, arena, key->party, &actor->party);
}

bool party_runs_ledger(uint32_t number)
{
	return number == FIRST_NUMBER;
}

bool party_decides(uint32_t roles)
{
	return (roles & (RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_ADMIN |
				RECOURSE_ROLE_AGENT)) != 0;
}

bool party_is_concerned(const struct record_party *party)
{
	const uint32_t concerned = PARTY_MERCHANT | PARTY_ISSUER | PARTY_LIABLE | CUSTODIAN_KIND;
	return ((party->kinds | party->concerned) & concerned) != 0;
}

bool party_is_custodian(const struct record_party *party)
{
	return (party->kinds & CUSTODIAN_KIND) != 0;
}

static enum recourse_error find_apart(struct decision *decision, const char *field,
	const struct record_path *path, struct record_party *party)
{
	TRY(decision_find(decision, field, path, party, sizeof *party));
	if ((party->kinds & CUSTODIAN_KIND) != 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, field, "not a custodian");
	return RECOURSE_OK;
}

static enum recourse_error find_kind(struct decision *decision, const char *field, slice id, uint32_t kind,
	const char *allowed, struct record_party *party)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	TRY(decision_find(decision, field, &path, party, sizeof *party));
	return (party->kinds & kind) != 0 ? RECOURSE_OK
					  : refuse(decision, RECOURSE_NOT_PERMITTED, field, allowed);
}

enum recourse_error party_custodian(struct decision *decision, const char *field, slice id)
{
	struct record_party party;
	return find_kind(decision, field, id, CUSTODIAN_KIND, "a custodian", &party);
}

enum recourse_error party_liquidator(struct decision *decision, const char *field, slice id, uint32_t *number)
{
	struct record_party party;
	TRY(find_kind(decision, field, id, LIQUIDATOR_KIND, "a liquidator", &party));
	*number = party.number;
	return RECOURSE_OK;
}

enum recourse_error party_apart(struct decision *decision, const char *field, slice id, uint32_t *number)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	TRY(find_apart(decision, field, &path, &party));
	*number = party.number;
	return RECOURSE_OK;
}

enum recourse_error party_concerned(
	struct decision *decision, const char *field, slice id, enum party_concern concern, uint32_t *number)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	TRY(find_apart(decision, field, &path, &party));
	*number = party.number;
	if (party.deciders > 0)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, field, "a party that has no key that decides");
	if ((party.concerned & concern) != 0)
		return RECOURSE_OK;
	party.concerned |= concern;
	return decision_put(decision, &path, &party, sizeof party);
}

/* ---- writing ---- */

static enum recourse_error add_party(
	struct decision *decision, slice id, int64_t kinds, uint32_t *party_number)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	uint64_t number;
	if (slice_is(id, CHART_UNAPPORTIONED) || slice_is(id, CHART_CONSUMERS))
		return refuse(decision, RECOURSE_NOT_PERMITTED, "party", "not a reserved name: U, consumers");
	TRY(decision_absent(decision, "party", &path));
	TRY(record_count(decision->state, RECORD_PARTY, &number));
	struct record_party party = {
		.entry = decision->entry,
		.number = (uint32_t)number,
		.kinds = (uint32_t)kinds,
	};
	struct record_path by_number = record_path_of_short(RECORD_PARTY_NAME, party.number);
	char name[TEXT_ID_SIZE];
	*party_number = party.number;
	record_text_set(name, sizeof name, id);
	TRY(decision_put(decision, &path, &party, sizeof party));
	TRY(decision_put(decision, &by_number, name, sizeof name));
	return decision_about(decision, RECORD_PARTY, id);
}

enum recourse_error party_add_key(
	struct decision *decision, const char *field, slice vkey, struct record_key *key)
{
	struct key_public public_key;
	char handle[KEY_HANDLE_SIZE + 1] = "";
	uint64_t number;
	if (key_parse(vkey, &public_key) != RECOURSE_OK)
		return refuse(decision, RECOURSE_FIELD_FORMAT, field, "a public key");
	struct record_path path =
		record_path_of_text(RECORD_KEY, slice_of(handle, key_handle(&public_key, handle)));
	TRY(decision_absent(decision, field, &path));
	/*
	 * What a key may not be at once, the same secret under another name may not be either, and what was revoked
	 * does not come back under one.
	 */
	struct record_path secret =
		record_path_of_text(RECORD_KEY_BYTES, slice_of(public_key.bytes, sizeof public_key.bytes));
	TRY(decision_once(decision, field, &secret));
	TRY(record_count(decision->state, RECORD_KEY, &number));
	key->entry = decision->entry;
	key->number = (uint32_t)number;
	if (key->person == 0)
		key->person = key->current = key->number;
	memcpy(key->bytes, public_key.bytes, sizeof key->bytes);
	struct record_path by_number = record_path_of_short(RECORD_KEY_NAME, key->number);
	TRY(decision_put(decision, &path, key, sizeof *key));
	return decision_put(decision, &by_number, handle, KEY_HANDLE_SIZE);
}

/* A person that nobody knew before. */
static enum recourse_error add_key(
	struct decision *decision, const char *field, slice vkey, uint32_t party, uint32_t roles)
{
	struct record_key key = {.roles = roles, .party = party};
	return party_add_key(decision, field, vkey, &key);
}

static const char *const purpose_names[] = {"production", "test", NULL};
enum { OPEN_ORIGIN, OPEN_LOG_KEY, OPEN_PARTY, OPEN_KEY, OPEN_SYSTEM_KEY, OPEN_PURPOSE };
static const struct recourse_field open_fields[] = {
	[OPEN_ORIGIN] = FIELD_TEXT(
		"origin", 100, "the ledger's name for ever, a schema-less URL: example.com/ledger"),
	[OPEN_LOG_KEY] = FIELD(KEY, "log_key", "signs the checkpoints; its name is the origin"),
	[OPEN_PARTY] = FIELD_OPAQUE("party", "the party that runs the ledger"),
	[OPEN_KEY] = FIELD(KEY, "key", "its first admin key, which signs this very request"),
	[OPEN_SYSTEM_KEY] = FIELD(KEY, "system_key", "the service's own key, for clocks only"),
	[OPEN_PURPOSE] = FIELD_OPTIONAL_CHOICE(
		"purpose", purpose_names, "test: time may be advanced; production if absent"),
};

enum recourse_error party_first_actor(const struct value *open, slice handle, slice origin,
	struct decision_actor *actor, struct key_public *key)
{
	char text[KEY_HANDLE_SIZE + 1];
	if (key_parse(open[OPEN_KEY].text, key) != RECOURSE_OK ||
		!slice_equal(handle, slice_of(text, key_handle(key, text))) ||
		!slice_equal(origin, open[OPEN_ORIGIN].text))
		return RECOURSE_KEY_UNKNOWN;
	*actor = (struct decision_actor){
		.handle = handle,
		.party = open[OPEN_PARTY].text,
		.key = FIRST_NUMBER,
		.person = FIRST_NUMBER,
		.party_number = FIRST_NUMBER,
		.roles = RECOURSE_ROLE_ADMIN,
	};
	return RECOURSE_OK;
}

static enum recourse_error apply_open(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger = {0};
	struct key_public log_key;
	uint32_t party;
	TRY(decision_absent(decision, "origin", &path));
	if (key_parse(values[OPEN_LOG_KEY].text, &log_key) != RECOURSE_OK ||
		!slice_is(values[OPEN_ORIGIN].text, log_key.name))
		return refuse(decision, RECOURSE_FIELD_FORMAT, "log_key", "a key whose name is the origin");
	record_text_set(ledger.origin, sizeof ledger.origin, values[OPEN_ORIGIN].text);
	record_text_set(ledger.log_key, sizeof ledger.log_key, values[OPEN_LOG_KEY].text);
	ledger.test = (uint64_t)values[OPEN_PURPOSE].integer;
	TRY(decision_put(decision, &path, &ledger, sizeof ledger));
	TRY(add_party(decision, values[OPEN_PARTY].text, PLATFORM_KIND, &party));
	TRY(add_key(decision, "key", values[OPEN_KEY].text, party, RECOURSE_ROLE_ADMIN));
	return add_key(decision, "system_key", values[OPEN_SYSTEM_KEY].text, party, RECOURSE_ROLE_SYSTEM);
}

enum { PARTY_ID, PARTY_KINDS };
static const struct recourse_field party_fields[] = {
	[PARTY_ID] = FIELD_OPAQUE("party", "opaque reference of the party; no personal data"),
	[PARTY_KINDS] = FIELD_SET("kinds", party_kinds, "what it is in the field's terms"),
};

static enum recourse_error apply_party(struct decision *decision, const struct value *values)
{
	/* A7, H3: who keeps the money has no other part in it */
	const int64_t apart = PARTY_MERCHANT | PARTY_ISSUER | PARTY_LIABLE | PLATFORM_KIND | FUNDER_KIND;
	uint32_t number;
	if ((values[PARTY_KINDS].integer & CUSTODIAN_KIND) != 0 && (values[PARTY_KINDS].integer & apart) != 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "kinds",
			"a custodian is neither merchant nor issuer, platform or funder");
	return add_party(decision, values[PARTY_ID].text, values[PARTY_KINDS].integer, &number);
}

enum { KEY_PARTY, KEY_KEY, KEY_ROLES };
static const struct recourse_field key_fields[] = {
	[KEY_PARTY] = FIELD(ID, "party", "whose key it is"),
	[KEY_KEY] = FIELD(KEY, "key", "the public key"),
	[KEY_ROLES] =
		FIELD_SET("roles", recourse_role_names, "what it may do; system is the service's alone"),
};

/*
 * Roles that would let one person do two people's part do not go together (H1, H2), and only a custodian attests
 * cash (H3): a platform can not invent it.
 */
static enum recourse_error check_roles(
	struct decision *decision, uint32_t roles, const struct record_party *party)
{
	static const struct {
		uint32_t role;
		uint32_t held;
		const char *limit;
	} rows[] = {
		{RECOURSE_ROLE_SYSTEM, RECOURSE_ROLE_SYSTEM, "the service's own key does nothing else"},
		{RECOURSE_ROLE_AUDITOR, RECOURSE_ROLE_AUDITOR, "an auditor's key does nothing else"},
		{RECOURSE_ROLE_CUSTODIAN, RECOURSE_ROLE_CUSTODIAN, "a custodian's key does nothing else"},
		{RECOURSE_ROLE_MERCHANT, RECOURSE_ROLE_MERCHANT, "a merchant's key does nothing else"},
		{RECOURSE_ROLE_CONSUMER, RECOURSE_ROLE_CONSUMER, "a consumer's key does nothing else"},
		{RECOURSE_ROLE_LIABLE_PARTY, RECOURSE_ROLE_LIABLE_PARTY,
			"a liable party's key does nothing else"},
		{RECOURSE_ROLE_APPROVER, RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_ADMIN,
			"a checker is no maker and takes no claims"},
	};
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		if ((roles & rows[row].role) != 0 && (roles & ~rows[row].held) != 0)
			return refuse(decision, RECOURSE_NOT_PERMITTED, "roles", rows[row].limit);
	}
	if ((roles & RECOURSE_ROLE_SYSTEM) != 0 && party->number != FIRST_NUMBER)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "roles",
			"system for the party that runs the ledger only");
	if ((roles & RECOURSE_ROLE_CUSTODIAN) != 0 && (party->kinds & CUSTODIAN_KIND) == 0)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "roles", "custodian for a party of that kind only");
	if ((roles & RECOURSE_ROLE_CONSUMER) != 0 && (party->kinds & CONSUMER_KIND) == 0)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "roles", "consumer for a party of that kind only");
	if ((roles & RECOURSE_ROLE_LIABLE_PARTY) != 0 &&
		((party->kinds | party->concerned) & PARTY_LIABLE) == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "roles",
			"liable-party for a party of that kind, or found to be liable, only");
	if (party_decides(roles) && party_is_concerned(party) && !party_runs_ledger(party->number))
		return refuse(decision, RECOURSE_NOT_PERMITTED, "roles",
			"none that decides for a merchant, an issuer, a liable party or a custodian");
	return RECOURSE_OK;
}

/* One more key of the party that decides, or one less. */
static enum recourse_error count_decider(
	struct decision *decision, const struct record_key *key, slice id, uint32_t more)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	if (!party_decides(key->roles) || party_runs_ledger(key->party))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &party, sizeof party));
	party.deciders += more;
	return decision_put(decision, &path, &party, sizeof party);
}

static enum recourse_error apply_key(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, values[KEY_PARTY].text);
	struct record_party party;
	uint32_t roles = (uint32_t)values[KEY_ROLES].integer;
	TRY(decision_find(decision, "party", &path, &party, sizeof party));
	TRY(check_roles(decision, roles, &party));
	struct record_key key = {
		.roles = roles, .party = party.number}; /* of a person that nobody knew before */
	TRY(party_add_key(decision, "key", values[KEY_KEY].text, &key));
	TRY(count_decider(decision, &key, values[KEY_PARTY].text, 1));
	return decision_about(decision, RECORD_PARTY, values[KEY_PARTY].text);
}

enum { REVOKE_KEY, REVOKE_REASON };
static const struct recourse_field revoke_fields[] = {
	[REVOKE_KEY] = FIELD(HANDLE, "key", "handle of the key"),
	[REVOKE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_revoke(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_KEY, values[REVOKE_KEY].text);
	struct record_key key;
	slice party;
	TRY(decision_find(decision, "key", &path, &key, sizeof key));
	if (key.revoked != 0)
		return refuse_entry(decision, RECOURSE_KEY_REVOKED, "key", key.revoked_entry);
	if (key.number == decision->actor->key)
		return refuse(decision, RECOURSE_SAME_PERSON, "key",
			"another admin's: nobody locks the last door from inside");
	key.revoked = 1;
	key.revoked_entry = decision->entry;
	TRY(decision_put(decision, &path, &key, sizeof key));
	TRY(party_name(decision->state, decision->arena, key.party, &party));
	return count_decider(decision, &key, party, UINT32_MAX);
}

static const struct command rows[] = {
	COMMAND("ledger.open", RECOURSE_ROLE_ADMIN, open_fields, apply_open,
		"begin a ledger: its origin, keys and first admin", RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED),
	COMMAND("party.register", RECOURSE_ROLE_ADMIN, party_fields, apply_party, "make a party known",
		RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED),
	COMMAND("key.register", RECOURSE_ROLE_ADMIN, key_fields, apply_key, "give a party a key with roles",
		RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED),
	COMMAND("key.revoke", RECOURSE_ROLE_ADMIN, revoke_fields, apply_revoke,
		"end a key, from this entry on", RECOURSE_SAME_PERSON),
};
const struct command_group party_commands = COMMAND_GROUP(rows);
