/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "base/transcode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * I3 for who keeps money: what one custodian's key can ask or do says nothing of another's payments, batches, rails, bank lines,
 * files, receipts and claims, and changes none of them. Two ledgers have in common what is this custodian's, and as many entries
 * at the same times; only one has anything of the other custodian's. Whatever is asked or ordered, of any name and number,
 * each answer is the same: bytes, or every field of a refusal.
 *
 * Who keeps a merchant's deposit is in both: a deposit that another keeps is refused to whoever is paid one, and shows by that.
 */
enum { ROUNDS = 60, PARAMS_SIZE = 60000, SIDES = 2, STEP_SIZE = 400 };

/* Both have it: a merchant and a rail of either custodian, and the money of both. */
static const char *const common[] = {
	"bank deposit.receive merchant=M amount=1000.00 unit=CNY bank_reference=their-d",
	"teller deposit.receive merchant=N amount=1000.00 unit=CNY bank_reference=own-d",
	"admin rail.publish rail=wire version=1 custodian=bank-2 unit=CNY kind=iso20022 id_length=35 "
	"id_alphabet=upper "
	"lines=1000 query_days=30 awaiting_hours=24",
	("admin policy.publish policy=slow version=1 unit=CNY scheme=full decision_hours=8760 "
	 "payout_days=365 "
	 "claim_days=365 waterfall=rank:1,claim:advances"),
};

/* What a custodian has: a batch that went out, one that is checked, one that nobody checked; a payment that is made, one that is
 * refused; files and lines. $ is `own` or `their`. */
static const char *const has[] = {
	"maker incident.declare incident=$-i merchant=# issuer=Y funder=P policy=slow version=1 reason=r",
	"maker entitlement.issue entitlement=$-card-1 holder=$-h issuer=Y merchant=# channel=app unit=L "
	"quantity=1.000 "
	"cost=10.00 currency=CNY evidence=absent evidence_hash=ab*",
	"maker entitlement.issue entitlement=$-card-2 holder=$-h issuer=Y merchant=# channel=app unit=L "
	"quantity=1.000 "
	"cost=20.00 currency=CNY evidence=absent evidence_hash=ab*",
	"maker entitlement.issue entitlement=$-card-3 holder=$-h issuer=Y merchant=# channel=app unit=L "
	"quantity=1.000 "
	"cost=30.00 currency=CNY evidence=absent evidence_hash=ab*",
	"maker entitlement.issue entitlement=$-card-4 holder=$-h issuer=Y merchant=# channel=app unit=L "
	"quantity=1.000 "
	"cost=40.00 currency=CNY evidence=absent evidence_hash=ab*",
	"agent claim.file claim=$-c1 incident=$-i entitlement=$-card-1 channel=app",
	"agent claim.file claim=$-c2 incident=$-i entitlement=$-card-2 channel=app",
	"agent claim.file claim=$-c3 incident=$-i entitlement=$-card-3 channel=app",
	"agent claim.file claim=$-c4 incident=$-i entitlement=$-card-4 channel=app",
	"maker claim.decide claim=$-c1 outcome=approve",
	"maker claim.decide claim=$-c2 outcome=approve",
	"maker claim.decide claim=$-c3 outcome=approve",
	"maker claim.decide claim=$-c4 outcome=approve",
	"checker distribution.approve incident=$-i",
	"agent payee.register payee=$-p holder=$-h account_hash=ab* rail=@",
	"payer payout.instruct claim=$-c1 payee=$-p",
	"payer payout.instruct claim=$-c2 payee=$-p",
	"maker batch.make batch=$-sent rail=@",
	"checker batch.check batch=$-sent count=2 total=30.00",
	"payer batch.sent batch=$-sent file_hash=ab* file=1 of=1 count=2 total=30.00",
	"payer payout.instruct claim=$-c3 payee=$-p",
	"maker batch.make batch=$-checked rail=@",
	"checker batch.check batch=$-checked count=1 total=30.00",
	"payer payout.instruct claim=$-c4 payee=$-p",
	"maker batch.make batch=$-made rail=@",
	"% bank.line line=$-l amount=10.00 unit=CNY direction=debit day=2016-05-03",
	"% bank.line line=$-in amount=7.00 unit=CNY direction=credit day=2016-05-03",
	"% payout.settle claim=$-c1 bank_reference=$-l",
	"% payout.report claim=$-c2 order=? status=rejected code=AC04",
	"% bank_file.begin file=$-f kind=camt054 hash=ab* number=7 unit=CNY lines=2 credit=7.00 debit=10.00",
	"% bank_file.piece file=$-f piece=1 lines=1 credit=7.00 debit=0.00 + bank.line line=$-in amount=7.00 "
	"unit=CNY direction=credit day=2016-05-03",
	"% bank_file.begin file=$-gap kind=camt054 hash=cd* number=11 unit=CNY lines=0 credit=0.00 "
	"debit=0.00",
	"% receipt.record amount=5.00 unit=CNY bank_reference=$-r",
	"% recovery.receive recovery=$-v incident=$-i payer=Y amount=3.00 bank_reference=$-v",
};

static const char *const names[] = {"own-i", "their-i", "their-i", "own-c1", "their-c1", "own-c2", "their-c2",
	"their-c3", "their-c4", "own-p", "their-p", "own-sent", "their-sent", "their-checked", "their-made",
	"own-l", "their-l", "their-l", "own-in", "their-in", "own-f", "their-f", "their-gap", "own-r",
	"their-r", "own-v", "their-v", "their-d", "own-d", "wire", "bank-rail", "bank-rail", "their-card-1",
	"their-h", "M", "N", "bank", "bank", "bank-2", "P", "Y", "nobody", "slow", "checked", "their-i M",
	"bank-2/own-l"};

/* What stands in a step for $, #, @, %, & and ?. */
struct custody {
	const char *who;
	const char *merchant;
	const char *rail;
	const char *key;
	unsigned claim;
	unsigned long long number; /* of an entry */
};
static const struct custody own = {.who = "own", .merchant = "N", .rail = "wire", .key = "teller"};
static const struct custody theirs = {.who = "their", .merchant = "M", .rail = "bank-rail", .key = "bank"};

static void fill(const struct custody *custody, const char *step, char text[static STEP_SIZE])
{
	static const char places[] = "$#@%&?";
	size_t size = 0;
	char claim[12];
	char number[24];
	snprintf(claim, sizeof claim, "%u", custody->claim);
	snprintf(number, sizeof number, "%llu", custody->number);
	const char *const parts[] = {
		custody->who, custody->merchant, custody->rail, custody->key, claim, number};
	for (; *step != '\0'; step++) {
		const char *place = strchr(places, *step);
		const char one[2] = {*step, '\0'};
		const char *part = place == NULL ? one : parts[place - places];
		assert_true(size + strlen(part) < STEP_SIZE);
		memcpy(text + size, part, strlen(part) + 1);
		size += strlen(part);
	}
}

/* The entry of the order of c2, which a report has to name. */
static bool is_order(const char *step)
{
	return strstr(step, "payout.instruct claim=$-c2") != NULL;
}

static void play_custody(struct kit *kit, struct custody custody)
{
	char text[STEP_SIZE];
	for (size_t row = 0; row < sizeof has / sizeof has[0]; row++) {
		fill(&custody, has[row], text);
		kit_play(kit, "%s", text);
		if (is_order(has[row]))
			custody.number = kit->last_entry;
	}
}

/* As many requests and entries, of nobody. */
static void play_nobody(struct kit *kit)
{
	for (size_t row = 0; row < sizeof has / sizeof has[0]; row++) {
		bool two = strstr(has[row], " + ") != NULL;
		kit_play(kit, "admin party.register party=x-%zu kinds=consumer%s", row,
			two ? " + party.register party=y kinds=consumer" : "");
	}
}

static void start(struct twins *twins)
{
	static const char rail[] = "admin rail.publish rail=bank-rail version=1 custodian=bank unit=CNY "
				   "kind=iso20022 id_length=35 "
				   "id_alphabet=upper lines=1000 query_days=30 awaiting_hours=24";
	*twins = (struct twins){.key = own.key, .names = names, .name_count = sizeof names / sizeof names[0]};
	twins->random = support_random_start();
	uint64_t now = 0; /* on both sides when one's own begins */
	for (size_t side = 0; side < SIDES; side++) {
		void *made = NULL;
		assert_int_equal(kit_setup(&made), 0);
		struct kit *kit = twins->sides[side].kit = made;
		for (size_t row = 0; row < sizeof common / sizeof common[0]; row++)
			kit_play(kit, "%s", common[row]);
		kit_play(kit, "%s", side == 0 ? rail : "admin party.register party=x kinds=consumer");
		if (side == 0)
			play_custody(kit, theirs);
		else
			play_nobody(kit);
		now = side == 0 ? kit->now : now;
		kit->now = now;
		play_custody(kit, own);
	}
	assert_int_equal(kit_entries(twins->sides[0].kit), kit_entries(twins->sides[1].kit));
}

/* ---- the same ---- */

static void show(const struct twins_answer *answer)
{
	SCOPED(buffer_free) struct buffer json = {0};
	const struct recourse_refusal *refusal = &answer->refusal;
	if (answer->error == RECOURSE_OK)
		assert_ok(transcode_to_json(
			slice_of(answer->bytes.data, answer->bytes.size), TRANSCODE_COMPACT, &json));
	print_message("  %s field '%s' limit '%s' state '%s' entry %llu %.*s\n",
		recourse_error_name(answer->error), refusal->field, refusal->limit, refusal->state,
		(unsigned long long)refusal->entry, (int)json.size, (const char *)json.data);
}

static unsigned told;     /* how often they differed */
static unsigned answered; /* and how often there was an answer */

static enum recourse_error ask(struct twins *twins, const char *method, const char *id, const char *params)
{
	struct twins_answer answers[SIDES];
	twins->sides[1].kit->now = twins->sides[0].kit->now; /* only one was asked for what is theirs */
	for (size_t side = 0; side < SIDES; side++)
		twins_call(twins->sides[side].kit, twins->key, method, id, params, 3, &answers[side]);
	enum recourse_error error = answers[0].error;
	answered += error == RECOURSE_OK;
	if (!twins_same(method, answers)) {
		print_message("%s %s tells:\n", method, params);
		show(&answers[0]);
		show(&answers[1]);
		told++;
	}
	recourse_bytes_free(&answers[0].bytes);
	recourse_bytes_free(&answers[1].bytes);
	return error;
}

/* ---- what is asked ---- */

/* Each method that a custodian may call, with names and numbers of everybody's. */
static void ask_anything(struct twins *twins)
{
	const struct recourse_method *method;
	for (size_t index = 0; (method = recourse_method_at(index)) != NULL; index++) {
		if ((method->roles & RECOURSE_ROLE_CUSTODIAN) == 0)
			continue;
		bool command = method->kind == RECOURSE_METHOD_COMMAND;
		for (unsigned round = 0; round < ROUNDS; round++) {
			SCOPED(buffer_free) struct buffer params = {0};
			char id[80];
			snprintf(id, sizeof id, "q-%s-%u", method->name, round);
			if (command)
				question_command(twins, method, &params);
			else
				question_query(twins, method, &params);
			buffer_append(&params, "", 1);
			(void)ask(twins, command ? "submit" : method->name, id, (const char *)params.data);
		}
	}
}

/* Every entry, as an order, as a payment and as what is shown or taken back. */
static void ask_numbers(struct twins *twins)
{
	static const char *const by_number[][2] = {
		{"entry.get", "entry"}, {"payment.find", "order"}, {"withdrawal.get", "withdrawal"}};
	uint64_t entries = kit_entries(twins->sides[0].kit);
	for (uint64_t entry = 0; entry < entries + 2; entry++) {
		for (size_t row = 0; row < sizeof by_number / sizeof by_number[0]; row++) {
			char params[80];
			snprintf(params, sizeof params, "{\"%s\":%llu}", by_number[row][1],
				(unsigned long long)entry);
			(void)ask(twins, by_number[row][0], "q", params);
		}
	}
}

/* ---- by what a bank is told ---- */

enum { IDS_MAX = 16, ID_SIZE = 40 };
struct ids {
	char texts[IDS_MAX][ID_SIZE];
	unsigned long long orders[IDS_MAX];
	size_t count;
};

/* What the other's payments and one's own are called: who orders them may ask for both. */
static void find_ids(const struct twins *twins, struct ids *ids)
{
	struct kit *kit = twins->sides[0].kit;
	ids->count = 0;
	for (uint64_t order = 1; order < kit_entries(kit) && ids->count < IDS_MAX; order++) {
		SCOPED(support_free) char *reply = NULL;
		char params[40];
		snprintf(params, sizeof params, "{\"order\":%llu}", (unsigned long long)order);
		if (kit_query(kit, "payer", "payment.find", params, &reply) != RECOURSE_OK)
			continue;
		const char *id = strstr(reply, "\"payment_id\":\"");
		assert_non_null(id);
		id += strlen("\"payment_id\":\"");
		ids->orders[ids->count] = order;
		snprintf(ids->texts[ids->count++], ID_SIZE, "%.*s", (int)strcspn(id, "\""), id);
	}
	assert_int_equal(ids->count, 8);
}

static void ask_id(struct twins *twins, const char *id)
{
	char params[100];
	snprintf(params, sizeof params, "{\"payment_id\":\"%s\"}", id);
	(void)ask(twins, "payment.find", "q", params);
	snprintf(params, sizeof params, "{\"payments\":[{\"payment_id\":\"%s\"}]}", id);
	(void)ask(twins, "payment.find_each", "q", params);
}

/* Each whole, and with each of its characters changed, cut off and doubled; then all of them together. */
static void ask_ids(struct twins *twins, const struct ids *ids)
{
	SCOPED(buffer_free) struct buffer all = {0};
	for (size_t index = 0; index < ids->count; index++) {
		const char *id = ids->texts[index];
		buffer_append_format(
			&all, "%s{\"payment_id\":\"%s\"}", index == 0 ? "{\"payments\":[" : ",", id);
		ask_id(twins, id);
		for (size_t at = 0; id[at] != '\0'; at++) {
			char other[ID_SIZE];
			memcpy(other, id, sizeof other);
			other[at] = id[at] == '0' ? 'Z' : '0';
			ask_id(twins, other);
			other[at] = '\0';
			if (at > 0)
				ask_id(twins, other);
		}
	}
	buffer_append(&all, "]}", sizeof "]}");
	(void)ask(twins, "payment.find_each", "q", (const char *)all.data);
}

/* With all that is said right but who says it. */
static const char *const of_payments[] = {
	"payout.settle claim=$-c& order=? bank_reference=l-& day=2016-05-03",
	"payout.settle claim=$-c& order=? bank_reference=own-l",
	"payout.settle claim=$-c&",
	"payout.return claim=$-c& order=? bank_reference=b-& reason=AC04",
	"payout.report claim=$-c& order=? code=AC04 status=unknown",
	"payout.report_reverse claim=$-c& reason=slip",
	"payout.unsettle claim=$-c& order=? reason=slip",
	"payout.unsettle claim=$-c& reason=slip bank_reference=$-l",
};
static const char *const of_others[] = {
	"batch.sent batch=their-checked file_hash=ef* file=1 of=1 count=1 total=30.00",
	"batch.sent batch=their-made file_hash=ef* file=1 of=1 count=1 total=40.00",
	"batch.sent batch=their-sent file_hash=ab* file=1 of=1 count=2 total=30.00",
	"batch.sent_reverse batch=their-sent file=1 reason=slip",
	"batch.sent batch=own-checked file_hash=ab* file=1 of=1 count=1 total=30.00",
	"bank_file.begin file=their-f kind=camt054 hash=ab* number=8 unit=CNY lines=0 credit=0.00 debit=0.00",
	"bank_file.begin file=x kind=camt054 hash=01* number=7 unit=CNY lines=0 credit=0.00 debit=0.00",
	"bank_file.end file=their-f",
	"bank_file.end file=their-gap",
	"bank.line line=their-l amount=10.00 unit=CNY direction=debit day=2016-05-02",
	"bank.line line=their-in amount=7.00 unit=CNY direction=debit day=2016-05-02",
	"bank.fee amount=1.00 unit=CNY bank_reference=their-l reason=fee",
	"receipt.record amount=5.00 unit=CNY bank_reference=their-r",
	"recovery.receive recovery=own-v2 incident=their-i payer=Y amount=3.00 bank_reference=own-v2",
	"recovery.bounce recovery=their-v reason=AM04 bank_reference=their-v2",
	"recovery.receive recovery=their-v incident=own-i payer=Y amount=3.00 bank_reference=own-v3",
	"recovery.receive recovery=their-v incident=own-i payer=Y amount=3.00 bank_reference=own-v4",
	"recovery.bounce recovery=their-v reason=AM04 bank_reference=their-v3",
	"funding.receive incident=their-i amount=3.00 bank_reference=own-fund",
};

static void order(struct twins *twins, const char *words)
{
	static unsigned serial;
	char id[20];
	char params[1200];
	SCOPED(support_free) char *command = kit_command(twins->sides[0].kit, words);
	snprintf(id, sizeof id, "o-%u", serial++);
	snprintf(params, sizeof params, "{\"mode\":\"each\",\"detail\":\"full\",\"commands\":[%s]}", command);
	(void)ask(twins, "submit", id, params);
}

/* The first payments that were ordered are theirs, of their claims one after the other. */
static void order_anything(struct twins *twins, const struct ids *ids)
{
	static const char *const by_entry[] = {"payout.reverse entry=? reason=slip",
		"bank.reverse entry=? reason=slip", "bank_file.give_up entry=? reason=slip",
		"receipt.returned receipt=? bank_reference=r-?", "deposit.reverse entry=? reason=slip",
		"recourse.reverse entry=? reason=slip", "funding.reverse entry=? reason=slip",
		"deposit.bounce entry=? reason=AM04 bank_reference=d-?",
		"funding.bounce entry=? reason=AM04 bank_reference=f-?"};
	struct custody custody = theirs;
	char words[STEP_SIZE];
	for (custody.claim = 1; custody.claim <= 4; custody.claim++) {
		custody.number = ids->orders[custody.claim - 1];
		for (size_t row = 0; row < sizeof of_payments / sizeof of_payments[0]; row++) {
			fill(&custody, of_payments[row], words);
			order(twins, words);
		}
	}
	for (size_t row = 0; row < sizeof of_others / sizeof of_others[0]; row++)
		order(twins, of_others[row]);
	uint64_t entries = kit_entries(twins->sides[0].kit);
	for (custody.number = 1; custody.number < entries; custody.number++) {
		for (size_t row = 0; row < sizeof by_entry / sizeof by_entry[0]; row++) {
			fill(&custody, by_entry[row], words);
			order(twins, words);
		}
	}
}

/* ---- the property ---- */

/* What only their own custodian and who reads all can ask. */
static const char *const of_theirs[][2] = {
	{"bank_file.list", "{\"custodian\":\"bank\"}"},
	{"bank_file.show", "{\"custodian\":\"bank\",\"file\":\"their-f\"}"},
	{"report.bank_lines", "{\"custodian\":\"bank\"}"},
	{"batch.list", "{\"rail\":\"bank-rail\"}"},
	{"batch.payments", "{\"batch\":\"their-sent\"}"},
	{"report.breaks", "{\"custodian\":\"bank\"}"},
	{"account.balance", "{\"code\":1010,\"party\":\"bank\",\"unit\":\"CNY\"}"},
};
enum { THEIRS = sizeof of_theirs / sizeof of_theirs[0] };

static void leave_out(char *reply, const char *name)
{
	for (char *at = strstr(reply, name); at != NULL; at = strstr(at, name)) {
		const char *behind = at + strcspn(at, ",}");
		memmove(at, behind, strlen(behind) + 1);
	}
}

/* Without when that was asked. */
static char *look(const struct twins *twins, size_t row)
{
	char *reply = NULL;
	assert_ok(kit_query(twins->sides[0].kit, "auditor", of_theirs[row][0], of_theirs[row][1], &reply));
	leave_out(reply, "\"as_of");
	leave_out(reply, "\"age_hours\"");
	return reply;
}

static void test_another_custodian_does_not_show(void **state)
{
	struct twins twins;
	struct ids ids;
	char *before[THEIRS];
	start(&twins);
	find_ids(&twins, &ids);
	for (size_t row = 0; row < THEIRS; row++)
		before[row] = look(&twins, row);
	ask_ids(&twins, &ids);
	ask_numbers(&twins);
	order_anything(&twins, &ids);
	ask_anything(&twins);
	ask_ids(&twins, &ids);
	for (size_t row = 0; row < THEIRS; row++) {
		SCOPED(support_free) char *after = look(&twins, row);
		assert_string_equal(before[row], after);
		free(before[row]);
	}
	for (size_t side = 0; side < SIDES; side++)
		kit_audit(twins.sides[side].kit);
	twins_end(&twins);
	assert_int_equal(told, 0);
	assert_true(answered > 2000);
}

/* ---- many at once ---- */

/* So many that are asked for together: theirs, one's own and nobody's, over and over. */
static enum recourse_error ask_many(struct twins *twins, const struct ids *ids, bool payments, unsigned count)
{
	static const char *const lines[] = {"their-l", "own-l", "nothing", "own-in"};
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(support_free) char *reply = NULL;
	buffer_append_text(&params, payments ? "{\"payments\":[" : "{\"lines\":[");
	for (unsigned index = 0; index < count; index++)
		buffer_append_format(&params, "%s{\"%s\":\"%s\"}", index == 0 ? "" : ",",
			payments ? "payment_id" : "line",
			payments ? ids->texts[index % ids->count] : lines[index % 4]);
	buffer_append(&params, "]}", sizeof "]}");
	const char *method = payments ? "payment.find_each" : "bank.find_each";
	enum recourse_error error = ask(twins, method, "q", (const char *)params.data);
	assert_int_equal(
		kit_query(twins->sides[0].kit, twins->key, method, (const char *)params.data, &reply), error);
	const char *at = reply == NULL ? NULL : strstr(reply, "\"known\":");
	for (unsigned index = 0; error == RECOURSE_OK && index < count; index++) {
		bool own_one = payments ? index % ids->count >= 4 && index % ids->count < 7 : index % 2 == 1;
		assert_non_null(at);
		assert_int_equal(strncmp(at, "\"known\":\"yes\"", strlen("\"known\":\"yes\"")) == 0, own_one);
		at = strstr(at + 1, "\"known\":");
	}
	assert_null(at);
	return error;
}

static void test_as_many_as_a_page(void **state)
{
	struct twins twins;
	struct ids ids;
	start(&twins);
	find_ids(&twins, &ids);
	for (unsigned payments = 0; payments < 2; payments++) {
		assert_error(ask_many(&twins, &ids, payments == 1, 0), RECOURSE_FIELD_LIMIT);
		assert_ok(ask_many(&twins, &ids, payments == 1, 1));
		assert_ok(ask_many(&twins, &ids, payments == 1, 500));
		assert_error(ask_many(&twins, &ids, payments == 1, 501), RECOURSE_FIELD_LIMIT);
	}
	twins_end(&twins);
	assert_int_equal(told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_custodian_does_not_show),
		cmocka_unit_test(test_as_many_as_a_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
