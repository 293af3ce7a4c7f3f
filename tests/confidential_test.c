/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "entry/entry.h"
#include "base/instant.h"
#include "base/transcode.h"

#include <stdio.h>
#include <string.h>

/*
 * I3: what M's key can ask is answered the same whatever is about others. Two ledgers with everything of M's in common
 * and everything else different get the same random questions and commands, and all answers must be equal: the reply's
 * bytes, or every field of the refusal.
 *
 * What differs on purpose, and is left out of the comparison: the salt of an entry and the hash of the entry before
 * it, and with them roots, checkpoints and proofs. They are hashes over salts that nobody can guess (attack_test.c).
 * How much the ledger has to do, its numbers of entries and requests and their times, shows by design: the two have that
 * in common. Policies and units are published to every key.
 */
enum { PAIRS = 3, QUESTIONS = 500, PARAMS_SIZE = 4000, METHODS_MAX = 400 };

/* How often each method, by its index in the schema, was answered. */
struct counts {
	unsigned answered[METHODS_MAX];
	unsigned refused[METHODS_MAX];
};

static unsigned pick(struct twins *twins, uint64_t limit)
{
	return (unsigned)support_random_below(&twins->random, limit);
}

/* ---- comparing ---- */

static void show(const struct twins_answer *answer)
{
	SCOPED(buffer_free) struct buffer json = {0};
	if (answer->error != RECOURSE_OK) {
		const struct recourse_refusal *refusal = &answer->refusal;
		print_message("  %s field '%s' limit '%s' account '%s' %s/%s state '%s' entry %llu\n",
			recourse_error_name(answer->error), refusal->field, refusal->limit, refusal->account,
			refusal->needed, refusal->available, refusal->state,
			(unsigned long long)refusal->entry);
		return;
	}
	assert_ok(transcode_to_json(
		slice_of(answer->bytes.data, answer->bytes.size), TRANSCODE_COMPACT, &json));
	print_message("  %.*s\n", (int)json.size, (const char *)json.data);
}

static enum recourse_error compare(
	const char *method, const char *params, struct twins_answer answers[static 2])
{
	bool equal = twins_same(method, answers);
	enum recourse_error error = answers[0].error;
	if (!equal) {
		print_message("%s %s tells:\n", method, params);
		show(&answers[0]);
		show(&answers[1]);
	}
	recourse_bytes_free(&answers[0].bytes);
	recourse_bytes_free(&answers[1].bytes);
	assert_true(equal);
	return error;
}

static enum recourse_error ask(struct twins *twins, const char *method, const char *id, const char *params)
{
	struct twins_answer answers[2];
	for (size_t side = 0; side < 2; side++)
		twins_call(twins->sides[side].kit, twins->key, method, id, params, 3, &answers[side]);
	return compare(method, params, answers);
}

/* ---- what M may ask, and how it is asked so that there is an answer ---- */

struct known {
	const char *method;
	const char *params[3]; /* of M's own: each is answered in some pair */
};

#define M_DEPOSIT          "\"merchant\":\"M\",\"unit\":\"CNY\""
#define SUBMIT(name, more) "{\"mode\":\"all\",\"commands\":[{\"command\":\"" name "\"," more "}]}"
static const struct known known[] = {
	{"account.balance",
		{"{\"code\":2010,\"party\":\"M\",\"unit\":\"CNY\"}",
			"{\"code\":2020,\"party\":\"M\",\"reference\":\"M-h2\",\"unit\":\"CNY\"}",
			"{\"code\":2020,\"party\":\"M\",\"reference\":\"M-i\",\"unit\":\"CNY\"}"}},
	{"account.history", {"{\"code\":2010,\"party\":\"M\",\"unit\":\"CNY\"}",
				    "{\"code\":2030,\"party\":\"M\",\"reference\":\"M/"
				    "1\",\"unit\":\"CNY\",\"limit\":1}"}},
	{"deposit.statement",
		{"{" M_DEPOSIT "}", "{" M_DEPOSIT ",\"limit\":2}", "{" M_DEPOSIT ",\"from\":40}"}},
	{"entry.get", {"{\"entry\":2}"}},
	{"unit.get", {"{\"unit\":\"L\"}"}},
	{"party.get", {"{\"party\":\"M\"}"}},
	{"key.get", {"{\"key\":\"$KEY\"}"}},
	{"policy.get", {"{\"policy\":\"fuel-card\",\"version\":1}"}},
	{"rule.list", {"{\"rule\":\"deposit.hold\"}"}},
	{"report.exits", {"{}", "{\"merchant\":\"M\"}", "{\"from\":\"M/1\"}"}},
	{"report.custody", {"{}"}},
	{"report.requirements", {"{}", "{\"merchant\":\"M\"}", "{\"limit\":1}"}},
	{"report.deductions", {"{\"merchant\":\"M\"}", "{\"merchant\":\"M\",\"limit\":1}"}},
	{"report.appeals", {"{}", "{\"merchant\":\"M\"}"}},
	{"report.instruments", {"{}", "{\"merchant\":\"M\"}", "{\"from\":\"M-s\",\"limit\":1}"}},
	{"instrument.get", {"{\"instrument\":\"M-s\"}"}},
	{"withdrawal.get", {"{\"withdrawal\":$WITHDRAWAL}"}},
	{"calendar.get", {"{\"calendar\":\"cn\",\"year\":2016}"}},
	{"calendar.due", {"{\"calendar\":\"cn\",\"from\":\"2016-09-30T09:00:00Z\",\"days\":3}"}},
	{"merchant.brief", {"{}", "{" M_DEPOSIT "}"}},
	{"liability.own", {"{}", "{\"party\":\"M\"}", "{\"from\":\"M-i M\"}"}},
	{"liability.receipts", {"{}", "{\"party\":\"M\",\"limit\":1}", "{\"from\":\"4d2d7200\"}"}},
	{"report.requests", {"{}", "{\"party\":\"M\"}", "{\"limit\":1}"}},
	{"evidence.answer", {SUBMIT("evidence.answer", "\"request\":$REQUEST,\"answer\":\"no-record\"")}},
	{"report.answers", {"{}", "{\"merchant\":\"M\"}", "{\"limit\":1}"}},
	{"claim.answer", {SUBMIT("claim.answer", "\"claim\":\"M-c4\",\"answer\":\"accept\"")}},
	{"hearing.reverse",
		{SUBMIT("hearing.reverse", "\"claim\":\"M-c4\",\"entry\":$ANSWER,\"reason\":\"slip\"")}},
	{"claim.agree",
		{SUBMIT("claim.agree", "\"claim\":\"M-c3\",\"by\":\"merchant\",\"answer\":\"agree\"")}},
	{"exit.request",
		{SUBMIT("exit.request", "\"exit\":\"M/9\"," M_DEPOSIT ",\"policy\":\"slow\",\"version\":1")}},
	{"withdrawal.request",
		{SUBMIT("withdrawal.request", M_DEPOSIT ",\"amount\":\"1.00\",\"reason\":\"excess\"")}},
	{"withdrawal.cancel",
		{SUBMIT("withdrawal.cancel", "\"withdrawal\":$WITHDRAWAL,\"reason\":\"changed\"")}},
	{"appeal.lodge",
		{SUBMIT("appeal.lodge", "\"merchant\":\"M\",\"deduction\":$DEDUCTION,\"reason\":\"no\"")}},
};

static const struct known *find_known(const char *method)
{
	for (size_t row = 0; row < sizeof known / sizeof known[0]; row++) {
		if (strcmp(known[row].method, method) == 0)
			return &known[row];
	}
	return NULL;
}

/* A refusal in mode `each` is an answer; a command is accepted when there is an entry. */
static void ask_method(
	struct twins *twins, struct counts *counts, size_t index, const char *id, const char *params)
{
	const struct recourse_method *method = recourse_method_at(index);
	bool command = method->kind == RECOURSE_METHOD_COMMAND;
	uint64_t entries = kit_entries(twins->sides[0].kit);
	enum recourse_error error = ask(twins, command ? "submit" : method->name, id, params);
	if (command ? kit_entries(twins->sides[0].kit) > entries : error == RECOURSE_OK)
		counts->answered[index]++;
	else
		counts->refused[index]++;
}

/* What stands for something that was there only when the test ran. */
static void fill(const struct twins *twins, const char *text, char params[static PARAMS_SIZE])
{
	const char *origin = twins->sides[0].kit->origin;
	const char *const names[] = {"$KEY", "$WITHDRAWAL", "$DEDUCTION", "$REQUEST", "$ANSWER"};
	enum { NAMES = sizeof names / sizeof names[0] };
	char values[NAMES][256];
	kit_handle(origin, twins->key, values[0]);
	snprintf(values[1], sizeof values[1], "%llu", twins->withdrawal);
	snprintf(values[2], sizeof values[2], "%llu", twins->deduction);
	snprintf(values[3], sizeof values[3], "%llu", twins->request == 0 ? 1 : twins->request);
	snprintf(values[4], sizeof values[4], "%llu", twins->answer);
	const char *place = text + strcspn(text, "$"); /* there is one at most */
	size_t name = 0;
	while (name < NAMES && strncmp(place, names[name], strlen(names[name])) != 0)
		name++;
	int size = snprintf(params, PARAMS_SIZE, "%.*s%s%s", (int)(place - text), text,
		name < NAMES ? values[name] : "", name < NAMES ? place + strlen(names[name]) : place);
	assert_in_range(size, 0, PARAMS_SIZE - 1);
	assert_null(strchr(params, '$'));
}

/* A method that M may call and that nobody taught this test stops it here. */
static void ask_known_method(struct twins *twins, struct counts *counts, size_t index, const char *id)
{
	const struct recourse_method *method = recourse_method_at(index);
	const struct known *row = find_known(method->name);
	if (row == NULL)
		print_message("a merchant may call %s: how is it asked?\n", method->name);
	assert_non_null(row);
	for (size_t way = 0; way < 3 && row->params[way] != NULL; way++) {
		uint64_t entries = kit_entries(twins->sides[0].kit);
		char params[PARAMS_SIZE];
		char request[60];
		fill(twins, row->params[way], params);
		snprintf(request, sizeof request, "%s-%s-%zu", id, method->name, way);
		ask_method(twins, counts, index, request, params);
		bool accepted = kit_entries(twins->sides[0].kit) > entries;
		if (accepted && strcmp(method->name, "withdrawal.request") == 0)
			twins->withdrawal = entries;
		if (accepted && strcmp(method->name, "claim.answer") == 0)
			twins->answer = entries;
	}
}

static size_t index_of(const char *name)
{
	size_t index = 0;
	while (strcmp(recourse_method_at(index)->name, name) != 0)
		index++;
	return index;
}

/* Commands that must be there before M has done anything else, which may be to leave. */
static void ask_first(struct twins *twins, struct counts *counts)
{
	static const char *const first[] = {"withdrawal.request", "withdrawal.cancel", "appeal.lodge"};
	for (size_t row = 0; row < sizeof first / sizeof first[0]; row++)
		ask_known_method(twins, counts, index_of(first[row]), "first");
}

static void ask_known(struct twins *twins, struct counts *counts, const char *id)
{
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		assert_true(index < METHODS_MAX);
		if ((method->roles & RECOURSE_ROLE_MERCHANT) != 0)
			ask_known_method(twins, counts, index, id);
	}
}

/* What M may not call is refused before anything is looked at; what it may do tells more than what it may read. */
static unsigned weight(const struct recourse_method *method)
{
	if ((method->roles & RECOURSE_ROLE_MERCHANT) == 0)
		return 1;
	return method->kind == RECOURSE_METHOD_COMMAND ? 12 : 4;
}

static void ask_random(struct twins *twins, struct counts *counts, size_t index)
{
	const struct recourse_method *method = recourse_method_at(index);
	SCOPED(buffer_free) struct buffer params = {0};
	char id[20];
	/* some come again, with the same content or with other */
	snprintf(id, sizeof id, "q-%u", pick(twins, pick(twins, 8) == 0 ? 10 : 1000000));
	if (method->kind == RECOURSE_METHOD_COMMAND)
		question_command(twins, method, &params);
	else
		question_query(twins, method, &params);
	buffer_append(&params, "", 1);
	ask_method(twins, counts, index, id, (const char *)params.data);
}

static void ask_anything(struct twins *twins, struct counts *counts)
{
	size_t methods = 0;
	while (recourse_method_at(methods) != NULL)
		methods++;
	size_t index;
	const struct recourse_method *method;
	do {
		index = pick(twins, methods);
		method = recourse_method_at(index);
	} while (method->kind == RECOURSE_METHOD_PUBLIC || pick(twins, 12) >= weight(method));
	ask_random(twins, counts, index);
}

/* What M may not call, at least once. */
static void ask_forbidden(struct twins *twins, struct counts *counts)
{
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		if (method->kind != RECOURSE_METHOD_PUBLIC && (method->roles & RECOURSE_ROLE_MERCHANT) == 0)
			ask_random(twins, counts, index);
	}
}

/* ---- the property ---- */

/* The entries one by one: those of others are not there, whatever they are, nor is what they began. */
static void ask_entries(struct twins *twins, struct counts *counts)
{
	static const char *const begun[] = {"entry.get", "withdrawal.get"};
	uint64_t entries = kit_entries(twins->sides[0].kit);
	uint64_t own[2] = {0};
	for (uint64_t entry = 0; entry < entries + 2; entry++) {
		for (size_t method = 0; method < 2; method++) {
			char params[40];
			snprintf(params, sizeof params, "{\"%s\":%llu}", method == 0 ? "entry" : "withdrawal",
				(unsigned long long)entry);
			enum recourse_error error = ask(twins, begun[method], "q", params);
			assert_true(error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND ||
				    (method == 1 && entry == 0));
			own[method] += error == RECOURSE_OK;
		}
	}
	assert_in_range(own[0], 5, 60);
	assert_in_range(own[1], 2, 3);
	for (size_t method = 0; method < 2; method++)
		counts->answered[index_of(begun[method])] += (unsigned)own[method];
}

/* Each of the others by name, to whatever M may read; and what is refused for its form, whoever is there. */
static void ask_names(struct twins *twins, struct counts *counts)
{
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		if (method->kind != RECOURSE_METHOD_QUERY || (method->roles & RECOURSE_ROLE_MERCHANT) == 0)
			continue;
		assert_error(ask(twins, method->name, "q", "{\"no\":1}"), RECOURSE_FIELD_UNKNOWN);
		counts->refused[index]++;
		for (size_t other = 0; other < TWINS_OTHERS; other++) {
			SCOPED(buffer_free) struct buffer params = {0};
			twins->about = twins_names[other];
			question_query(twins, method, &params);
			buffer_append(&params, "", 1);
			(void)ask(twins, method->name, "q", (const char *)params.data);
		}
	}
	twins->about = NULL;
}

/* Nor can it be ended or appealed: one list of commands for each entry, and a refusal for each of others'. */
static void end_entries(struct twins *twins)
{
	uint64_t entries = kit_entries(twins->sides[0].kit);
	for (uint64_t entry = 1; entry < entries; entry++) {
		char params[PARAMS_SIZE];
		char id[40];
		snprintf(id, sizeof id, "end-%llu", (unsigned long long)entry);
		snprintf(params, sizeof params,
			"{\"mode\":\"each\",\"detail\":\"full\",\"commands\":["
			"{\"command\":\"withdrawal.cancel\",\"withdrawal\":%llu,\"reason\":\"r\"},"
			"{\"command\":\"appeal.lodge\",\"merchant\":\"M\","
			"\"deduction\":%llu,\"reason\":\"r\"}]}",
			(unsigned long long)entry, (unsigned long long)entry);
		assert_ok(ask(twins, "submit", id, params));
	}
}

/* Of the public methods only hashes and signatures may differ: as many of them, as long. */
static void ask_public(struct twins *twins)
{
	const struct recourse_method *method;
	for (size_t side = 0; side < 2; side++)
		assert_ok(recourse_ledger_sign(twins->sides[side].kit->ledger));
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		struct twins_answer answers[2];
		bool info = strcmp(method->name, "service.info") == 0;
		const char *params = "{}";
		if (method->kind != RECOURSE_METHOD_PUBLIC)
			continue;
		if (strcmp(method->name, "log.proof.inclusion") == 0)
			params = "{\"index\":60,\"size\":90}";
		else if (strcmp(method->name, "log.proof.consistency") == 0)
			params = "{\"old\":60,\"size\":90}";
		else if (!info && strcmp(method->name, "log.checkpoint") != 0)
			fail_msg("anybody may call %s: what does it tell?", method->name);
		for (size_t side = 0; side < 2; side++)
			twins_public(twins->sides[side].kit, method->name, params, &answers[side]);
		assert_ok(answers[0].error);
		assert_ok(answers[1].error);
		assert_int_equal(answers[0].bytes.size, answers[1].bytes.size);
		assert_int_equal(twins_same(method->name, answers), info);
		recourse_bytes_free(&answers[0].bytes);
		recourse_bytes_free(&answers[1].bytes);
	}
}

static void check_counts(const struct counts *counts)
{
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		if (method->kind == RECOURSE_METHOD_PUBLIC)
			continue;
		bool may = (method->roles & RECOURSE_ROLE_MERCHANT) != 0;
		if (counts->refused[index] == 0 || (may && counts->answered[index] == 0))
			print_message("%s was answered %u times, refused %u times\n", method->name,
				counts->answered[index], counts->refused[index]);
		assert_true(counts->refused[index] > 0);
		assert_true(!may || counts->answered[index] > 0);
	}
}

/* The consumer whose lots are M's: of others' claims no number tells anything, nor what becomes of them. How many are its own. */
static unsigned ask_receipts(struct twins *twins)
{
	const char *key = twins->key;
	unsigned own = 0;
	for (size_t side = 0; side < 2; side++)
		kit_play(twins->sides[side].kit, "admin party.register party=holder kinds=consumer\n"
						 "admin key.register party=holder key=@ann roles=consumer");
	uint64_t entries = kit_entries(twins->sides[0].kit);
	assert_int_equal(entries, kit_entries(twins->sides[1].kit));
	twins->key = "ann";
	for (uint64_t entry = 1; entry < entries + 2; entry++) {
		char params[40];
		snprintf(params, sizeof params, "{\"receipt\":%llu}", (unsigned long long)entry);
		enum recourse_error error = ask(twins, "claim.follow", "q", params);
		assert_true(error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND);
		own += error == RECOURSE_OK;
	}
	assert_ok(ask(twins, "claim.own", "q", "{}"));
	assert_ok(ask(twins, "claim.own", "q", "{\"limit\":1}"));
	twins->key = key;
	return own;
}

/* What is another's is refused as what is not there: to a cursor, which is the one text that is made of names. */
static void ask_cursors(struct twins *twins)
{
	for (unsigned way = 0; way < TWINS_OTHERS * 16; way++) {
		const char *name = twins_names[way / 16];
		const char *const incidents[] = {"M-i", "i-", "", "M-"};
		const char *const sections[] = {" M", " ", " N", ""};
		const unsigned incident = way / 4 % 4;
		char params[100];
		snprintf(params, sizeof params, "{\"from\":\"%s%s%s%s\"}", incidents[incident],
			incident == 0 ? "" : name, sections[way % 4], way % 4 == 1 ? name : "");
		enum recourse_error error = ask(twins, "liability.own", "q", params);
		assert_true(error == RECOURSE_QUERY_NOT_FOUND || (incident == 0 && way % 4 == 0));
	}
}

/* A party that is liable in M's incident, where M fails, and in nothing else. */
static void ask_debts(struct twins *twins, enum twins_fate fate)
{
	static const char *const own[] = {"liability.own", "liability.receipts"};
	const char *key = twins->key;
	twins->key = "debtor";
	ask_cursors(twins);
	for (size_t method = 0; method < 2; method++) {
		assert_ok(ask(twins, own[method], "q", "{}"));
		assert_ok(ask(twins, own[method], "q", "{\"party\":\"D\",\"limit\":1}"));
		for (unsigned question = 0; question < 100; question++) {
			SCOPED(buffer_free) struct buffer params = {0};
			question_query(twins, recourse_method_at(index_of(own[method])), &params);
			buffer_append(&params, "", 1);
			(void)ask(twins, own[method], "q", (const char *)params.data);
		}
	}
	enum recourse_error cursor = ask(twins, "liability.own", "q", "{\"from\":\"M-i M\"}");
	assert_int_equal(cursor, fate == TWINS_FAILS ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND);
	assert_ok(ask(twins, "liability.receipts", "q", "{\"from\":\"4d2d7200\"}"));
	twins->key = key;
}

static void test_others_do_not_show(void **state)
{
	struct support_random random = support_random_start();
	unsigned receipts = 0;
	struct counts counts = {0};
	for (unsigned number = 0; number < PAIRS; number++) {
		struct twins twins;
		twins_start(&twins, &random, (enum twins_fate)(number % TWINS_FATES));
		ask_entries(&twins, &counts);
		ask_names(&twins, &counts);
		ask_forbidden(&twins, &counts);
		ask_first(&twins, &counts);
		for (unsigned question = 0; question < QUESTIONS; question++)
			ask_anything(&twins, &counts);
		end_entries(&twins);
		ask_known(&twins, &counts, "known");
		ask_public(&twins);
		receipts += ask_receipts(&twins);
		ask_debts(&twins, (enum twins_fate)(number % TWINS_FATES));
		for (size_t side = 0; side < 2; side++)
			kit_audit(twins.sides[side].kit);
		twins_end(&twins);
	}
	check_counts(&counts);
	assert_true(receipts >= 3);
}

/* ---- an incident of several merchants: M's section, and what comes of N's in the meantime ---- */

/* No day of a claim comes while time goes by: that of N's would be an entry more. */
static const char *const both_have[] = {
	"admin policy.publish policy=slow version=1 unit=CNY scheme=full decision_hours=8760 payout_days=365 "
	"waterfall=rank:1,claim:advances",
	"bank deposit.receive merchant=M amount=50.00 unit=CNY bank_reference=b-1",
	"maker entitlement.issue entitlement=M-card holder=h issuer=Y merchant=M channel=app unit=L "
	"quantity=1.000 cost=1.00 currency=CNY evidence=absent evidence_hash=ab*",
	"maker entitlement.issue entitlement=N-card holder=h issuer=Y merchant=N channel=app unit=L "
	"quantity=1.000 cost=20.00 currency=CNY evidence=absent evidence_hash=ab*",
	"maker incident.declare incident=i issuer=Y funder=P custodian=bank policy=slow version=1 "
	"reason=r",
};

/* An entry each; the last ones leave nothing to be done. */
static const char *const of_n[] = {
	"agent claim.file claim=c incident=i entitlement=N-card channel=app",
	"maker claim.decide claim=c outcome=approve",
	"checker distribution.approve incident=i",
	"bank funding.receive incident=i amount=20.00 bank_reference=b-2",
	"payer payout.instruct claim=c",
	"bank payout.settle claim=c",
	("maker liability.apportion incident=i mode=several section=N shares=party:N,share:100.00 "
	 "basis_hash=ab*"),
	"maker write_off.record write_off=w incident=i section=N party=N reason=gone",
	"checker proposal.approve proposal=$last",
};
enum { OF_N = sizeof of_n / sizeof of_n[0] };

static void fill_up(struct kit *kit, uint64_t entries)
{
	while (kit_entries(kit) < entries)
		kit_play(kit, "admin party.register party=x-%llu kinds=consumer",
			(unsigned long long)kit_entries(kit));
}

/* So many of N's steps; then time goes by, and what came by itself is filled up as well. */
static void play_side(struct kit *kit, size_t steps)
{
	for (size_t row = 0; row < sizeof both_have / sizeof both_have[0]; row++)
		kit_play(kit, "%s", both_have[row]);
	uint64_t entries = kit_entries(kit) + OF_N;
	for (size_t row = 0; row < steps; row++)
		kit_play(kit, "%s", of_n[row]);
	fill_up(kit, entries);
}

static void ask_section(struct twins *twins)
{
	uint64_t entries = kit_entries(twins->sides[0].kit);
	assert_int_equal(entries, kit_entries(twins->sides[1].kit));
	assert_ok(ask(twins, "merchant.brief", "q", "{}"));
	for (uint64_t entry = 1; entry < entries; entry++) {
		char params[40];
		snprintf(params, sizeof params, "{\"entry\":%llu}", (unsigned long long)entry);
		(void)ask(twins, "entry.get", "q", params);
	}
	assert_ok(ask(twins, "deposit.statement", "q", "{" M_DEPOSIT "}"));
}

/* None of N's steps beside so many of them; where nothing is left to be done in either the incident ends in both. */
static void compare_sections(size_t steps)
{
	enum { DAYS = 91 * 86400, FILL = 8 };
	struct twins twins = {.key = "merchant"};
	for (size_t side = 0; side < 2; side++) {
		void *kit = NULL;
		assert_int_equal(kit_setup(&kit), 0);
		twins.sides[side].kit = kit;
		play_side(kit, side == 0 ? 0 : steps);
	}
	ask_section(&twins);
	uint64_t entries = kit_entries(twins.sides[0].kit) + FILL;
	for (size_t side = 0; side < 2; side++) {
		struct kit *kit = twins.sides[side].kit;
		uint64_t then = kit->now + (DAYS + 60) * INSTANT_SECOND;
		(void)kit_wait(kit, DAYS);
		fill_up(kit, entries - 1);
		kit->now = then;
		fill_up(kit, entries);
	}
	ask_section(&twins);
	for (size_t side = 0; side < 2 && steps == OF_N; side++) {
		kit_play(twins.sides[side].kit, "checker incident.close incident=i reason=r");
		(void)kit_wait(twins.sides[side].kit, 2);
	}
	ask_section(&twins);
	twins_end(&twins);
}

static void test_sections_of_others_do_not_show(void **state)
{
	for (size_t steps = 1; steps <= OF_N; steps++)
		compare_sections(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_others_do_not_show),
		cmocka_unit_test(test_sections_of_others_do_not_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
