/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/configuration.h"
#include "../tools/exit_code.h"
#include "../tools/file.h"
#include "../tools/options.h"
#include "../tools/output.h"
#include "../tools/progress.h"
#include "../tools/suggest.h"
#include "../tools/uuid.h"
#include "recourse_client.h"
#include "base/refusal.h"
#include "support.h"

#include <stdlib.h>

/* ---- exit codes ---- */

static void every_error_has_a_documented_exit_code(void **state)
{
	static const int documented[] = {1, 64, 65, 69, 73, 75, 77, 78};
	size_t errors = 0;
	for (int value = 1; value < 1000; value++) {
		enum recourse_error error = (enum recourse_error)value;
		if (strcmp(recourse_error_name(error), "UNKNOWN") == 0)
			continue;
		bool found = false;
		for (size_t index = 0; index < sizeof documented / sizeof documented[0]; index++)
			found = found || (int)exit_code_of(error) == documented[index];
		assert_true(found);
		errors++;
	}
	assert_true(errors > 50);
	assert_int_equal(exit_code_of(RECOURSE_OK), 0);
}

static void exit_codes_are_these(void **state)
{
	assert_int_equal(exit_code_of(RECOURSE_INSUFFICIENT), 1);
	assert_int_equal(exit_code_of(RECOURSE_PROOF_WRONG), 1);
	assert_int_equal(exit_code_of(RECOURSE_ROLLBACK), 1);
	assert_int_equal(exit_code_of(RECOURSE_METHOD_UNKNOWN), 64);
	assert_int_equal(exit_code_of(RECOURSE_MALFORMED), 65);
	assert_int_equal(exit_code_of(RECOURSE_CONNECTION), 69);
	assert_int_equal(exit_code_of(RECOURSE_BUSY), 75);
	assert_int_equal(exit_code_of(RECOURSE_TIMED_OUT), 75);
	assert_int_equal(exit_code_of(RECOURSE_OUTCOME_UNKNOWN), 75);
	assert_int_equal(exit_code_of(RECOURSE_ROLE_MISSING), 77);
	assert_int_equal(exit_code_of(RECOURSE_KEY_MALFORMED), 78);
}

/* ---- suggestions ---- */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t naive_distance(const char *a, const char *b)
{
	if (*a == '\0' || *b == '\0')
		return strlen(a) + strlen(b);
	size_t changed = naive_distance(a + 1, b + 1) + (*a != *b);
	return smaller(changed, 1 + smaller(naive_distance(a + 1, b), naive_distance(a, b + 1)));
}

static void random_word(struct support_random *random, char *word)
{
	size_t size = 1 + (size_t)support_random_below(random, 5);
	for (size_t index = 0; index < size; index++)
		word[index] = (char)('a' + support_random_below(random, 3));
	word[size] = '\0';
}

static void distances_agree_with_the_naive_ones(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 500; round++) {
		char word[8];
		char candidate[8];
		random_word(&random, word);
		random_word(&random, candidate);
		struct suggest suggest = {.word = slice_text(word)};
		suggest_consider(&suggest, candidate);
		assert_int_equal(suggest.distance, naive_distance(word, candidate));
	}
}

static void the_nearest_name_is_suggested(void **state)
{
	struct suggest suggest = {.word = slice_text("quantitiy")};
	suggest_consider(&suggest, "channel");
	suggest_consider(&suggest, "quantity");
	suggest_consider(&suggest, "merchant");
	assert_string_equal(suggest_best(&suggest), "quantity");
	struct suggest nothing = {.word = slice_text("zzzz")};
	suggest_consider(&nothing, "merchant");
	assert_null(suggest_best(&nothing));
	struct suggest none = {.word = slice_text("x")};
	assert_null(suggest_best(&none));
}

static void expect_grouped(const char *text, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	output_grouped(slice_text(text), &out);
	assert_true(slice_is(buffer_slice(&out), expected));
}

static void thousands_stand_apart(void **state)
{
	expect_grouped("6000.00", "6,000.00");
	expect_grouped("-1234567.5", "-1,234,567.5");
	expect_grouped("-123.00", "-123.00");
	expect_grouped("300000", "300,000");
	expect_grouped("1.2.3", "1.2.3");
	expect_grouped("2010/M", "2010/M");
	expect_grouped("-", "-");
	expect_grouped("", "");
}

static void expect_reason(
	enum recourse_error error, const struct recourse_refusal *refusal, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	output_reason(error, refusal, &out);
	assert_true(slice_is(buffer_slice(&out), expected));
}

static void reasons_say_all_that_applies(void **state)
{
	const struct recourse_refusal figures = {.command = -1, .needed = "6000.00", .available = "5000.00"};
	const struct recourse_refusal place = {
		.command = -1, .field = "hold", .entry_known = true, .entry = 12};
	expect_reason(RECOURSE_INSUFFICIENT, &figures,
		"less is available than is needed (needed 6,000.00, available 5,000.00)");
	expect_reason(RECOURSE_BUSY, NULL, "the service is busy; send the same request again later");
	expect_reason(RECOURSE_EXISTS, &place, "that id is already taken (field hold, see entry 12)");
}

/* ---- options ---- */

struct parsed {
	const char *name;
	bool quick;
	struct options_repeat listen;
	struct options_rest rest;
	enum exit_code code;
};

static bool parse(struct parsed *parsed, bool late_help, const char *first, const char *second,
	const char *third, const char *fourth)
{
	char texts[5][40] = {"tool"};
	char *argv[6] = {texts[0]};
	int argc = 1;
	const char *const given[] = {first, second, third, fourth};
	*parsed = (struct parsed){.code = EXIT_CODE_OK};
	for (size_t index = 0; index < 4 && given[index] != NULL; index++) {
		snprintf(texts[argc], sizeof texts[argc], "%s", given[index]);
		argv[argc] = texts[argc];
		argc++;
	}
	const struct options_flag flags[] = {
		{.name = "name", .letter = 'n', .argument = "NAME", .value = &parsed->name, .help = ""},
		{.name = "quick", .given = &parsed->quick, .help = ""},
	};
	const struct options_flag shared[] = {
		{.name = "listen", .argument = "URL", .repeat = &parsed->listen, .help = ""},
	};
	const struct options options = {
		.name = "tool",
		.usage = "X",
		.about = "About.",
		.own = {flags, 2},
		.shared = {shared, 1},
		.late_help = late_help,
	};
	bool good = options_parse(&options, argc, argv, &parsed->rest, &parsed->code);
	if (good && parsed->name != NULL)
		assert_string_equal(parsed->name, "it");
	if (good && parsed->rest.count > 0)
		assert_string_equal(parsed->rest.arguments[0], "a=1");
	return good;
}

static void options_stand_anywhere(void **state)
{
	struct parsed parsed;
	assert_true(parse(&parsed, false, "a=1", "--name", "it", "b=2"));
	assert_int_equal(parsed.rest.count, 2);
	assert_non_null(parsed.name);
	assert_true(parse(&parsed, false, "--name=it", "--quick", "--", "a=1"));
	assert_int_equal(parsed.rest.count, 1);
	assert_true(parsed.quick);
	assert_true(parse(&parsed, false, "-n", "it", NULL, NULL) && parsed.name != NULL);
	assert_true(parse(&parsed, false, "-nit", NULL, NULL, NULL) && parsed.name != NULL);
	assert_true(parse(&parsed, false, "--listen", "x", "--listen=y", NULL));
	assert_int_equal(parsed.listen.count, 2);
	assert_null(parsed.listen.values[2]);
	assert_true(parse(&parsed, true, "a=1", "--help", NULL, NULL));
	assert_true(parsed.rest.help);
}

static void mistaken_options_are_usage(void **state)
{
	struct parsed parsed;
	assert_false(parse(&parsed, false, "--nmae", "it", NULL, NULL));
	assert_int_equal(parsed.code, EXIT_CODE_USAGE);
	assert_false(parse(&parsed, false, "--name", NULL, NULL, NULL));
	assert_int_equal(parsed.code, EXIT_CODE_USAGE);
	assert_false(parse(&parsed, false, "--quick=yes", NULL, NULL, NULL));
	assert_int_equal(parsed.code, EXIT_CODE_USAGE);
	assert_false(parse(&parsed, false, "-x", NULL, NULL, NULL));
	assert_int_equal(parsed.code, EXIT_CODE_USAGE);
	assert_false(parse(&parsed, false, "--help", NULL, NULL, NULL));
	assert_int_equal(parsed.code, EXIT_CODE_OK);
}

static void numbers_are_judged(void **state)
{
	uint64_t number = 5;
	assert_true(options_number("n", NULL, 1, 10, &number) && number == 5);
	assert_true(options_number("n", "10", 1, 10, &number) && number == 10);
	static const char *const wrong[] = {
		"", "0", "11", "-1", "+1", " 1", "1 ", "1e1", "99999999999999999999"};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_false(options_number("n", wrong[index], 1, 10, &number));
	assert_true(number == 10);
}

static void progress_is_chosen(void **state)
{
	struct progress progress;
	assert_true(progress_start(&progress, "json", "work", "rows") && progress.mode == PROGRESS_JSON);
	assert_true(progress_start(&progress, "none", "work", "rows") && progress.mode == PROGRESS_NONE);
	assert_false(progress_start(&progress, "fancy", "work", "rows"));
}

/* ---- configuration ---- */

static const char *const names[] = {"url", "log-key", NULL};

static bool read_configuration(
	struct configuration *configuration, const struct support_directory *directory, const char *text)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(directory, "config", path);
	assert_ok(file_replace(path, slice_text(text)));
	*configuration = (struct configuration){.names = names};
	return configuration_read(configuration, path);
}

static void the_environment_wins_over_the_file(void **state)
{
	SCOPED(configuration_free) struct configuration configuration = {0};
	unsetenv("RECOURSE_URL");
	unsetenv("RECOURSE_LOG_KEY");
	assert_true(read_configuration(
		&configuration, *state, "# mine\n url = tcp://a \r\nlog-key=@k # file\n\n"));
	assert_string_equal(configuration_value(&configuration, "url"), "tcp://a");
	assert_string_equal(configuration_value(&configuration, "log-key"), "@k");
	setenv("RECOURSE_LOG_KEY", "@other", 1);
	assert_true(configuration_environment(&configuration));
	assert_string_equal(configuration_value(&configuration, "log-key"), "@other");
	assert_string_equal(configuration_value(&configuration, "url"), "tcp://a");
	assert_null(configuration_value(&configuration, "timeout"));
	unsetenv("RECOURSE_LOG_KEY");
}

static void mistakes_in_the_file_are_found(void **state)
{
	struct configuration configuration;
	assert_false(read_configuration(&configuration, *state, "ulr = tcp://a\n"));
	configuration_free(&configuration);
	assert_false(read_configuration(&configuration, *state, "url\n"));
	configuration_free(&configuration);
	assert_true(configuration_read(&configuration, "/nonexistent/config"));
}

static void places_follow_the_environment(void **state)
{
	char path[CONFIGURATION_PATH_MAX];
	setenv("HOME", "/home/a", 1);
	unsetenv("XDG_STATE_HOME");
	setenv("XDG_CONFIG_HOME", "/conf", 1);
	assert_true(configuration_path(CONFIGURATION_CONFIG, "config", path));
	assert_string_equal(path, "/conf/recourse/config");
	assert_true(configuration_path(CONFIGURATION_STATE, "x", path));
	assert_string_equal(path, "/home/a/.local/state/recourse/x");
	unsetenv("HOME");
	assert_false(configuration_path(CONFIGURATION_STATE, "x", path));
}

/* ---- files ---- */

static void values_come_from_files(void **state)
{
	char path[SUPPORT_PATH_MAX];
	char given[SUPPORT_PATH_MAX + 1];
	SCOPED(buffer_free) struct buffer out = {0};
	support_directory_path(*state, "value", path);
	snprintf(given, sizeof given, "@%s", path);
	assert_error(file_value(given, &out), RECOURSE_IO);
	assert_ok(file_replace(path, slice_text("first\nsecond\n")));
	assert_ok(file_value(given, &out));
	assert_true(slice_is(buffer_slice(&out), "first"));
	buffer_clear(&out);
	assert_ok(file_value("as it is", &out));
	assert_true(slice_is(buffer_slice(&out), "as it is"));
	buffer_clear(&out);
	assert_error(file_read(path, 5, &out), RECOURSE_TOO_LARGE);
	support_directory_path(*state, "none/below/file", path);
	assert_error(file_replace(path, slice_text("x")), RECOURSE_IO);
	assert_ok(file_make_parents(path));
	assert_ok(file_replace(path, slice_text("x")));
}

/* ---- ids ---- */

static void uuids_carry_their_time(void **state)
{
	char earlier[UUID_TEXT_SIZE];
	char later[UUID_TEXT_SIZE];
	char again[UUID_TEXT_SIZE];
	uuid_make(UINT64_C(0x017f22e279b0), earlier);
	uuid_make(UINT64_C(0x017f22e279b1), later);
	uuid_make(UINT64_C(0x017f22e279b1), again);
	assert_int_equal(strlen(earlier), 36);
	assert_memory_equal(earlier, "017f22e2-79b0-7", 15);
	assert_non_null(strchr("89ab", earlier[19]));
	assert_true(strcmp(earlier, later) < 0);
	assert_string_not_equal(later, again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_has_a_documented_exit_code),
		cmocka_unit_test(exit_codes_are_these),
		cmocka_unit_test(distances_agree_with_the_naive_ones),
		cmocka_unit_test(the_nearest_name_is_suggested),
		cmocka_unit_test(thousands_stand_apart),
		cmocka_unit_test(reasons_say_all_that_applies),
		cmocka_unit_test(options_stand_anywhere),
		cmocka_unit_test(mistaken_options_are_usage),
		cmocka_unit_test(numbers_are_judged),
		cmocka_unit_test(progress_is_chosen),
		DIRECTORY_TEST(the_environment_wins_over_the_file),
		DIRECTORY_TEST(mistakes_in_the_file_are_found),
		cmocka_unit_test(places_follow_the_environment),
		DIRECTORY_TEST(values_come_from_files),
		cmocka_unit_test(uuids_carry_their_time),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
