/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "base/transcode.h"

#include <stdio.h>
#include <string.h>

/*
 * I3, who may ask what. Each query is asked by a key of each role: it is refused where the schema does not name the role.
 * Where it does, and the role does not read everything, the key is a stranger's, who has no part in anything that is there,
 * and each field in turn names each thing of others: the answer is byte for byte that to a name of nothing at all. Policies,
 * units, calendars and rules are published to every key, and named right.
 */
enum { PARAMS_SIZE = 1000 };

/* By the bit of its role; whoever reads not everything is a stranger. */
static const char *const people[] = {"admin", "maker", "checker", "agent", "teller", "stranger", "backer",
	"auditor", "system", "eve", "owes"};
enum { PEOPLE = sizeof people / sizeof people[0] };
#define READS_ALL                                                                                            \
	(RECOURSE_ROLE_ADMIN | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_AGENT |       \
		RECOURSE_ROLE_AUDITOR | RECOURSE_ROLE_SYSTEM)

static const char world[] =
	"key funder P funder\n"
	"admin party.register party=h kinds=consumer\n"
	"admin party.register party=D kinds=liable-party\n"
	"admin party.register party=V kinds=insurer\n"
	"admin policy.publish policy=asks version=1 unit=CNY scheme=full decision_hours=8760 "
	"answer_hours=100 "
	"waterfall=rank:1,claim:advances checklist=kind:use,from:merchant,needed:no\n"
	"bank deposit.receive merchant=M amount=30.00 unit=CNY bank_reference=b-1\n"
	"maker deposit.hold hold=h-1 merchant=M amount=1.00 unit=CNY reason=r\n"
	"merchant withdrawal.request merchant=M amount=2.00 unit=CNY reason=excess\n"
	"maker instrument.register instrument=s-1 kind=bond provider=V merchant=M unit=CNY limit=9.00 draw=1 "
	"expires=2026-01-01T00:00:00Z document_hash=ab*\n"
	"card k-1 50.00\n"
	"maker incident.declare incident=i merchant=M issuer=Y funder=P policy=asks version=1 reason=r\n"
	"file c-1 i k-1\n"
	"agent evidence.request claim=c-1 kind=use party=M due=2016-05-20T00:00:00Z\n"
	"agent promise.make claim=c-1 kind=callback due=2016-05-20T00:00:00Z\n"
	"card k-2 20.00\n"
	"file c-2 i k-2\n"
	"merchant claim.answer claim=c-2 answer=accept\n"
	"decide c-2\n"
	"distribute i\n"
	"maker liability.apportion incident=i mode=several shares=party:M,share:50.00 "
	"shares=party:D,share:50.00 "
	"basis_hash=ab*\n"
	"receive r-1 i D 3.00\n"
	"receive r-2 i M 4.00\n"
	"allocate r-1\n"
	/* what goes by a rail of others, and what their bank says */
	"admin rail.publish rail=rail-1 version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 "
	"id_alphabet=upper "
	"lines=9 query_days=30 awaiting_hours=24\n"
	"agent payee.register payee=p-2 holder=h account_hash=aa* rail=rail-1\n"
	"fund i 11.71\n"
	"payer payout.instruct claim=c-2 payee=p-2\n"
	"maker batch.make batch=batch-1 rail=rail-1\n"
	"checker batch.check batch=batch-1 count=1 total=20.00\n"
	"payer batch.sent batch=batch-1 file_hash=11* file=1 of=1 count=1 total=20.00\n"
	"bank bank.line line=l-1 amount=1.00 unit=CNY direction=credit day=2016-05-04\n"
	"bank bank.line line=l-2 amount=2.00 unit=CNY direction=debit day=2016-05-04\n"
	"bank bank_file.begin file=file-1 kind=camt054 number=1 hash=22* unit=CNY lines=1 credit=1.00 "
	"debit=0.00\n"
	"bank bank_file.begin file=file-2 kind=camt054 number=3 hash=23* unit=CNY lines=1 credit=1.00 "
	"debit=0.00\n"
	/* and who has no part in it */
	"admin party.register party=S kinds=merchant\n"
	"key stranger S merchant\n"
	"admin party.register party=F kinds=funder\n"
	"key backer F funder\n"
	"admin party.register party=h-9 kinds=consumer\n"
	"key eve h-9 consumer\n"
	"admin party.register party=O kinds=liable-party\n"
	"key owes O liable-party";

/* What others have a name for, and what is nobody's. */
static const char *const others[] = {"M", "N", "Y", "P", "D", "V", "bank", "h", "i", "c-1", "c-2", "k-1",
	"k-2", "h-1", "s-1", "r-1", "r-2", "b-1", "rail-1", "p-2", "batch-1", "l-1", "file-1"};
enum { OTHERS = sizeof others / sizeof others[0] };
static const char nothing[] = "zz-9";

static bool is_published(const struct recourse_field *field)
{
	static const char *const names[] = {"policy", "rule", "calendar", "unit", "version", "year", "days",
		"code", "limit", "time", "command"};
	for (size_t row = 0; row < sizeof names / sizeof names[0]; row++) {
		if (strcmp(field->name, names[row]) == 0)
			return true;
	}
	return false;
}

/* `entry` beside `time` is as of when, of an answer that is whose it is already. */
static bool is_as_of(const struct recourse_method *method, const struct recourse_field *field)
{
	bool time = false;
	for (size_t index = 0; index < method->field_count; index++)
		time = time || strcmp(method->fields[index].name, "time") == 0;
	return time && strcmp(field->name, "entry") == 0;
}

/* So that the form is right; of parties it is the stranger's own. */
static void write_field(
	const struct recourse_field *field, const char *own, const char *value, struct buffer *out)
{
	const char *name = field->name;
	buffer_append_format(out, "%s\"%s\":", out->size > 1 ? "," : "", name);
	if (value != NULL && field->type == RECOURSE_FIELD_INTEGER)
		buffer_append_format(out, "%s", value);
	else if (value != NULL)
		buffer_append_format(out, "\"%s\"", value);
	else if (strcmp(name, "code") == 0)
		buffer_append_text(out, "2010");
	else if (field->type == RECOURSE_FIELD_INTEGER)
		buffer_append_text(out, strcmp(name, "year") == 0 ? "2016" : "1");
	else if (field->type == RECOURSE_FIELD_UNIT)
		buffer_append_text(out, "\"CNY\"");
	else if (field->type == RECOURSE_FIELD_TIME)
		buffer_append_text(out, "\"2016-05-04T00:00:00Z\"");
	else if (field->type == RECOURSE_FIELD_CHOICE)
		buffer_append_format(out, "\"%s\"", field->choices[0]);
	else
		buffer_append_format(out, "\"%s\"", strcmp(name, "policy") == 0 ? "asks" : own);
}

static void write_params(const struct recourse_method *method, const struct recourse_field *named,
	const char *own, const char *value, char params[static PARAMS_SIZE])
{
	SCOPED(buffer_free) struct buffer out = {0};
	buffer_append_text(&out, "{");
	for (size_t index = 0; index < method->field_count; index++) {
		const struct recourse_field *field = &method->fields[index];
		if (field == named || !field->optional)
			write_field(field, own, field == named ? value : NULL, &out);
	}
	assert_in_range(snprintf(params, PARAMS_SIZE, "%.*s}", (int)out.size, (const char *)out.data), 2,
		PARAMS_SIZE - 1);
}

struct asking {
	struct kit *kit;
	const struct recourse_method *method;
	const char *who;
	const char *own;
	unsigned asked;
	unsigned refused;
};

static void ask(const struct asking *asking, const char *params, struct twins_answer *answer)
{
	twins_call(asking->kit, asking->who, asking->method->name, "q", params, 3, answer);
}

static void compare(
	struct asking *asking, const struct recourse_field *field, const char *value, const char *absent)
{
	struct twins_answer answers[2];
	char params[2][PARAMS_SIZE];
	write_params(asking->method, field, asking->own, value, params[0]);
	write_params(asking->method, field, asking->own, absent, params[1]);
	for (size_t side = 0; side < 2; side++)
		ask(asking, params[side], &answers[side]);
	bool same = twins_same("", answers);
	if (!same)
		print_message("%s: %s tells %s (%s) from %s (%s)\n", asking->who, asking->method->name,
			params[0], recourse_error_name(answers[0].error), params[1],
			recourse_error_name(answers[1].error));
	assert_true(same);
	asking->asked++;
	asking->refused += answers[0].error == RECOURSE_QUERY_NOT_FOUND;
	for (size_t side = 0; side < 2; side++)
		recourse_bytes_free(&answers[side].bytes);
}

static void name_each(struct asking *asking, const struct recourse_field *field)
{
	char number[24];
	char absent[24];
	char handle[2][KEY_HANDLE_SIZE + 1];
	char hash[2][2 * CRYPTO_HASH_SIZE + 1] = {"", ""};
	uint64_t entries = kit_entries(asking->kit);
	if (field->type == RECOURSE_FIELD_TEXT) /* two names, of a cursor */
		compare(asking, field, "i M", nothing);
	if (field->type == RECOURSE_FIELD_ID || field->type == RECOURSE_FIELD_TEXT) {
		for (size_t other = 0; other < OTHERS; other++)
			compare(asking, field, others[other], nothing);
	} else if (field->type == RECOURSE_FIELD_INTEGER) {
		snprintf(absent, sizeof absent, "%llu", (unsigned long long)entries + 1000);
		for (uint64_t entry = 1; entry < entries; entry++) {
			snprintf(number, sizeof number, "%llu", (unsigned long long)entry);
			compare(asking, field, number, absent);
		}
	} else if (field->type == RECOURSE_FIELD_HASH) {
		memset(hash[0], '2', sizeof hash[0] - 1);
		memset(hash[1], '0', sizeof hash[1] - 1);
		compare(asking, field, hash[0], hash[1]);
	} else if (field->type == RECOURSE_FIELD_HANDLE) {
		kit_handle(asking->kit->origin, "merchant", handle[0]);
		kit_handle(asking->kit->origin, "nobody", handle[1]);
		compare(asking, field, handle[0], handle[1]);
	}
}

static void expect_no_role(const struct asking *asking)
{
	struct twins_answer answer;
	char params[PARAMS_SIZE];
	write_params(asking->method, NULL, asking->own, NULL, params);
	ask(asking, params, &answer);
	if (answer.error != RECOURSE_ROLE_MISSING)
		print_message("%s may ask %s\n", asking->who, asking->method->name);
	assert_error(answer.error, RECOURSE_ROLE_MISSING);
}

static void test_each_query_by_each_role(void **state)
{
	static const char *const own[PEOPLE] = {"P", "P", "P", "P", "bank-2", "S", "F", "P", "P", "h-9", "O"};
	struct asking asking = {.kit = *state};
	kit_play(asking.kit, "%s", world);
	for (size_t index = 0; (asking.method = recourse_method_at(index)) != NULL; index++) {
		for (size_t role = 0; role < PEOPLE && asking.method->kind == RECOURSE_METHOD_QUERY; role++) {
			asking.who = people[role];
			asking.own = own[role];
			if ((asking.method->roles >> role & 1) == 0) {
				expect_no_role(&asking);
				continue;
			}
			for (size_t field = 0;
				field < asking.method->field_count && (READS_ALL >> role & 1) == 0; field++) {
				const struct recourse_field *named = &asking.method->fields[field];
				if (!is_published(named) && !is_as_of(asking.method, named))
					name_each(&asking, named);
			}
		}
	}
	assert_null(recourse_role_names[PEOPLE]);
	print_message(
		"%u questions, %u of them refused as what is not there\n", asking.asked, asking.refused);
	assert_true(asking.refused > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_each_query_by_each_role),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
