/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "proof/checkpoint.h"
#include "child.h"
#include "dump.h"
#include "image.h"
#include "proof/key.h"
#include "kit.h"
#include "store/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * The golden case on disk, and bits of it changed in turn: a child looks at each change with the offline audit.
 *
 *   found       the audit fails, an error comes back, or LMDB dies on what it reads
 *   unchanged   the audit is content, and all that the log holds is what it was, byte for byte
 *   missed      the audit is content and the log holds something else: the test fails
 *
 * A child's death in an assertion of ours or in a sanitizer's report fails the test too: a damaged file is no
 * programmer's error.
 *
 *   TAMPER=n      how many bits of the log (200; 1,500 in a trial); "all": every bit, whatever time it takes
 *   SEED=n        for the same choice again
 */
enum {
	FLIPS_SAMPLE = 200,
	FLIPS_ALL = 1500,
	SECONDS_MAX = 60,
	PAGE_SIZE = 4096,
};

#ifdef __SANITIZE_ADDRESS__
#define TAMPER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TAMPER_ASAN 1
#endif
#endif

/* A read beyond the map is LMDB's, and a death like any other; what the sanitizer itself finds is not. */
#ifdef TAMPER_ASAN
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:exitcode=99";
}
#endif

/* Read back from a child through shared memory. */
struct outcome {
	bool audited;
	enum recourse_error error;
	bool state_compared;
	char what[400];
	bool dumped;
	struct crypto_hash dump; /* of all that the log holds */
};

struct counts {
	size_t found;
	size_t died;
	size_t hung;
	size_t unchanged;
	size_t missed;
};

struct tamper;
typedef void work(struct tamper *tamper);

struct tamper {
	struct kit kit;
	work *act; /* what the child does */
	struct image log;
	struct image state;
	struct image guard;
	char scratch[SUPPORT_PATH_MAX];
	char errors[SUPPORT_PATH_MAX]; /* what a child says before it dies */
	struct outcome *outcome;
	struct outcome original;
	uint64_t entries;
	struct crypto_hash root; /* of the first twenty entries */
};

/* ---- children ---- */

static void act_in_child(void *context)
{
	struct tamper *tamper = context;
	int errors = open(tamper->errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(errors >= 0);
	assert_true(dup2(errors, STDERR_FILENO) >= 0);
	tamper->act(tamper);
}

static int in_child(struct tamper *tamper, work *act)
{
	memset(tamper->outcome, 0, sizeof *tamper->outcome);
	tamper->act = act;
	return child_run(act_in_child, tamper);
}

static void audit(struct tamper *tamper)
{
	const struct recourse_audit_options options = {
		.directory = tamper->kit.directory.path, .scratch = tamper->scratch};
	struct recourse_audit report;
	struct outcome *outcome = tamper->outcome;
	outcome->error = recourse_ledger_audit(&options, &report);
	outcome->state_compared = report.state_compared;
	memcpy(outcome->what, report.what, sizeof outcome->what);
	outcome->audited = true;
	if (outcome->error == RECOURSE_OK) {
		char path[SUPPORT_PATH_MAX + 8];
		snprintf(path, sizeof path, "%s/log", tamper->kit.directory.path);
		outcome->dumped = dump_log(path, &outcome->dump);
	}
}

static void reopen(struct tamper *tamper, bool rebuild)
{
	const struct recourse_ledger_options options = {
		.directory = tamper->kit.directory.path,
		.log_key = tamper->kit.log_key,
		.rebuild = rebuild,
	};
	struct recourse_ledger *ledger = NULL;
	tamper->outcome->error = recourse_ledger_open(&options, &ledger);
	if (tamper->outcome->error == RECOURSE_OK)
		tamper->outcome->error = recourse_ledger_sign(ledger);
	recourse_ledger_close(ledger);
}

static void serve(struct tamper *tamper)
{
	reopen(tamper, false);
}

static void rebuild(struct tamper *tamper)
{
	reopen(tamper, true);
}

static bool said(const struct tamper *tamper, const char *text)
{
	char errors[8192];
	FILE *file = fopen(tamper->errors, "re");
	assert_non_null(file);
	size_t size = fread(errors, 1, sizeof errors - 1, file);
	fclose(file);
	errors[size] = '\0';
	return strstr(errors, text) != NULL;
}

/*
 * Exits by itself or dies of a signal that is not an assertion of ours: LMDB asserts, or follows a wrong page so far that
 * the C library finds its heap overrun. Nothing was answered either way.
 */
static bool died_fairly(const struct tamper *tamper, int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == 0;
	bool stores = said(tamper, "mdb") || said(tamper, "free()") || said(tamper, "double free") ||
		      said(tamper, "malloc()") || said(tamper, "corrupted");
	return WTERMSIG(status) != SIGABRT || (stores && !said(tamper, "ledger/"));
}

static bool same_log(const struct tamper *tamper)
{
	return tamper->outcome->dumped && crypto_hash_equal(&tamper->outcome->dump, &tamper->original.dump);
}

static void show(const struct tamper *tamper, int status, const char *where, size_t place)
{
	char line[400];
	FILE *file = fopen(tamper->errors, "re");
	print_error("%s %zu: status %#x, %s, %s\n", where, place, (unsigned int)status,
		recourse_error_name(tamper->outcome->error), tamper->outcome->what);
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		print_error("  %s", line);
	if (file != NULL)
		fclose(file);
}

/* Counts what a child that audited came to. */
static void judge(
	const struct tamper *tamper, int status, struct counts *counts, const char *where, size_t place)
{
	bool fair = died_fairly(tamper, status);
	if (fair && WIFSIGNALED(status)) {
		counts->died++;
		counts->hung += WTERMSIG(status) == SIGALRM;
	} else if (fair && tamper->outcome->error != RECOURSE_OK) {
		counts->found++;
	} else if (fair && same_log(tamper)) {
		counts->unchanged++;
	} else {
		counts->missed++;
		show(tamper, status, where, place);
	}
}

static void report(const char *what, const struct counts *counts)
{
	print_message("%s: %zu found, %zu died (%zu of them hung), %zu unchanged, %zu missed\n", what,
		counts->found, counts->died, counts->hung, counts->unchanged, counts->missed);
	assert_int_equal(counts->missed, 0);
	assert_int_equal(counts->hung, 0);
}

static void assert_clean(struct tamper *tamper)
{
	int status = in_child(tamper, audit);
	if (status != 0 || tamper->outcome->error != RECOURSE_OK)
		show(tamper, status, "the ledger as it was", 0);
	assert_int_equal(status, 0);
	assert_ok(tamper->outcome->error);
	assert_true(tamper->outcome->state_compared);
	assert_true(same_log(tamper));
}

/* ---- the ledger ---- */

static void sign(struct kit *kit)
{
	assert_ok(recourse_ledger_sign(kit->ledger));
}

static int setup(void **state)
{
	struct tamper *tamper = calloc(1, sizeof *tamper);
	struct kit *kit = &tamper->kit;
	kit_start(kit);
	kit_golden(kit);
	sign(kit);
	kit_golden_steps(kit, 1, 8);
	sign(kit);
	kit_golden_steps(kit, 9, 20);
	sign(kit);
	tamper->entries = kit->last_entry + 1;
	kit_close(kit);

	image_load(&tamper->log, kit, "log/data.mdb");
	image_load(&tamper->state, kit, "state/data.mdb");
	image_load(&tamper->guard, kit, "last-signed");
	support_directory_path(&kit->directory, "scratch", tamper->scratch);
	assert_int_equal(mkdir(tamper->scratch, 0700), 0);
	support_directory_path(&kit->directory, "errors", tamper->errors);
	tamper->outcome = child_share(sizeof *tamper->outcome);
	assert_int_equal(in_child(tamper, audit), 0);
	tamper->original = *tamper->outcome;
	assert_clean(tamper);
	*state = tamper;
	return 0;
}

static int teardown(void **state)
{
	struct tamper *tamper = *state;
	image_free(&tamper->log);
	image_free(&tamper->state);
	image_free(&tamper->guard);
	child_unshare(tamper->outcome, sizeof *tamper->outcome);
	kit_end(&tamper->kit);
	free(tamper);
	return 0;
}

/* ---- the log's file ---- */

/* Which pages mean anything: those without which the log is not what it was. */
static size_t probe_pages(struct tamper *tamper, size_t *pages)
{
	size_t count = 0;
	struct counts counts = {0};
	for (size_t page = 0; page < tamper->log.size / PAGE_SIZE; page++) {
		uint8_t noise[PAGE_SIZE];
		size_t offset = page * PAGE_SIZE;
		for (size_t index = 0; index < PAGE_SIZE; index++)
			noise[index] = tamper->log.bytes[offset + index] ^ 0xff;
		image_write(&tamper->log, offset, noise, PAGE_SIZE);
		judge(tamper, in_child(tamper, audit), &counts, "page", page);
		image_write(&tamper->log, offset, tamper->log.bytes + offset, PAGE_SIZE);
		if (counts.unchanged + count <= page)
			pages[count++] = page;
	}
	report("whole pages inverted", &counts);
	return count;
}

/* Of a page in use mostly, and of its bytes that are not zero mostly: the rest is room not used yet. */
static size_t choose_bit(
	const struct tamper *tamper, struct support_random *random, const size_t *pages, size_t page_count)
{
	size_t offset;
	if (support_random_below(random, 8) == 0)
		return (size_t)support_random_below(random, tamper->log.size * 8);
	bool any = support_random_below(random, 4) == 0;
	do {
		size_t page = pages[support_random_below(random, page_count)];
		offset = page * PAGE_SIZE + (size_t)support_random_below(random, PAGE_SIZE);
	} while (!any && tamper->log.bytes[offset] == 0);
	return offset * 8 + (size_t)support_random_below(random, 8);
}

static void try_bit(struct tamper *tamper, size_t bit, struct counts *counts)
{
	image_flip(&tamper->log, bit);
	judge(tamper, in_child(tamper, audit), counts, "bit", bit);
	image_flip_back(&tamper->log, bit);
}

static void any_bit_of_the_log(void **state)
{
	struct tamper *tamper = *state;
	const char *given = getenv("TAMPER");
	struct support_random random = support_random_start();
	size_t *pages = calloc(tamper->log.size / PAGE_SIZE, sizeof *pages);
	struct counts counts = {0};
	assert_non_null(pages);
	size_t page_count = probe_pages(tamper, pages);
	print_message("%llu entries, %zu pages, %zu of them in use\n", (unsigned long long)tamper->entries,
		tamper->log.size / PAGE_SIZE, page_count);
	assert_true(page_count > 4);
	if (given != NULL && strcmp(given, "all") == 0) {
		for (size_t bit = 0; bit < tamper->log.size * 8; bit++)
			try_bit(tamper, bit, &counts);
	} else {
		size_t flips =
			given != NULL ? strtoul(given, NULL, 10) : support_times(FLIPS_SAMPLE, FLIPS_ALL);
		time_t end = time(NULL) + SECONDS_MAX;
		size_t flip = 0;
		for (; flip < flips && (given != NULL || time(NULL) < end); flip++)
			try_bit(tamper, choose_bit(tamper, &random, pages, page_count), &counts);
		/* Of the bits that there was time for: in a slow build they are fewer than what was asked for. */
		assert_true(flip > 0);
		assert_true(counts.found + counts.died >= flip / 8);
	}
	report("bits of the log flipped", &counts);
	free(pages);
	assert_clean(tamper);
}

/* A file cut short at any page, or in the middle of one. */
static void log_cut_short(void **state)
{
	struct tamper *tamper = *state;
	struct counts counts = {0};
	for (size_t size = 0; size < tamper->log.size; size += PAGE_SIZE / 2) {
		assert_int_equal(ftruncate(tamper->log.file, (off_t)size), 0);
		judge(tamper, in_child(tamper, audit), &counts, "size", size);
		image_restore(&tamper->log);
	}
	report("log cut short", &counts);
	assert_clean(tamper);
}

/* ---- checkpoints and the guard ---- */

static const char origin[] = "example.com/ledger";

/* Signed with the log's own key, or with another key of its name. */
static void make_note(const struct checkpoint *checkpoint, const char *seed_text, struct buffer *note)
{
	char text[CHECKPOINT_TEXT_SIZE];
	struct crypto_hash seed;
	SCOPED(key_close) struct key_secret key = {0};
	size_t size = checkpoint_format(checkpoint, text);
	crypto_sha256(slice_text(seed_text), &seed);
	assert_ok(key_open_seed(slice_text(origin), seed.bytes, &key));
	assert_ok(note_sign(slice_of(text, size), &key, note));
}

/* The true root of that many entries, by a tree of the test's own. */
static void true_root(const struct tamper *tamper, uint64_t size, struct crypto_hash *root)
{
	char path[SUPPORT_PATH_MAX + 8];
	struct log_options options = {.directory = path, .read_only = true};
	struct tree_stored stored[TREE_STORED_MAX];
	struct log_snapshot *snapshot;
	struct crypto_hash leaf;
	struct tree tree = {0};
	struct log *log;
	slice entry;
	snprintf(path, sizeof path, "%s/log", tamper->kit.directory.path);
	assert_ok(log_open(&options, &log));
	assert_ok(log_snapshot_open(log, &snapshot));
	for (uint64_t number = 0; number < size; number++) {
		assert_ok(log_read_entry(snapshot, number, &entry));
		tree_leaf(entry, &leaf);
		tree_append(&tree, &leaf, stored);
	}
	tree_root(&tree, root);
	log_read_close(snapshot);
	log_close(log);
}

static void put_checkpoint(const struct tamper *tamper, uint64_t size, slice note)
{
	char path[SUPPORT_PATH_MAX + 8];
	struct log_options options = {.directory = path};
	struct log *log;
	snprintf(path, sizeof path, "%s/log", tamper->kit.directory.path);
	assert_ok(log_open(&options, &log));
	assert_ok(log_append_checkpoint(log, size, note));
	log_close(log);
}

struct forgery {
	const char *title;
	const char *key; /* NULL: no note at all */
	uint64_t size;   /* in the note */
	uint64_t stored_as;
	bool beyond; /* both sizes are counted from the end of the log */
	bool true_root;
	bool accepted;
};

static const struct forgery forgeries[] = {
	{.title = "true", .key = "log", .size = 20, .stored_as = 20, .true_root = true, .accepted = true},
	{.title = "not a note", .stored_as = 20},
	{.title = "another key", .key = "thief", .size = 20, .stored_as = 20, .true_root = true},
	{.title = "another root", .key = "log", .size = 20, .stored_as = 20},
	{.title = "entries that are not there", .key = "log", .size = 7, .stored_as = 7, .beyond = true},
	{.title = "filed too high", .key = "log", .size = 20, .stored_as = 21, .true_root = true},
	{.title = "filed too low", .key = "log", .size = 20, .stored_as = 19, .true_root = true},
	{.title = "filed beyond the end", .key = "log", .size = 20, .stored_as = 1000, .true_root = true},
	{.title = "the empty tree, filed as more", .key = "log", .size = 0, .stored_as = 5},
};

static void forge(struct tamper *tamper, const struct forgery *forgery)
{
	struct checkpoint checkpoint = {.size = forgery->size};
	uint64_t base = forgery->beyond ? tamper->entries : 0;
	SCOPED(buffer_free) struct buffer note = {0};
	snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin);
	checkpoint.size += base;
	if (forgery->true_root)
		checkpoint.root = tamper->root;
	if (forgery->key == NULL)
		buffer_append_text(&note, "this is no note\n");
	else
		make_note(&checkpoint, forgery->key, &note);
	put_checkpoint(tamper, forgery->stored_as + base, buffer_slice(&note));
}

static void forged_checkpoints(void **state)
{
	struct tamper *tamper = *state;
	true_root(tamper, 20, &tamper->root);
	for (size_t index = 0; index < sizeof forgeries / sizeof forgeries[0]; index++) {
		const struct forgery *forgery = &forgeries[index];
		forge(tamper, forgery);
		int status = in_child(tamper, audit);
		bool right = status == 0 && tamper->outcome->error ==
						    (forgery->accepted ? RECOURSE_OK : RECOURSE_AUDIT_FAILED);
		if (!right)
			show(tamper, status, forgery->title, index);
		assert_true(right);
		image_restore(&tamper->log);
	}
	assert_clean(tamper);
}

static void any_bit_of_the_guard(void **state)
{
	struct tamper *tamper = *state;
	struct counts counts = {0};
	for (size_t bit = 0; bit < tamper->guard.size * 8; bit++) {
		image_flip(&tamper->guard, bit);
		int status = in_child(tamper, audit);
		if (status == 0 && tamper->outcome->error == RECOURSE_AUDIT_FAILED)
			counts.found++;
		else if (counts.missed++ < 5)
			show(tamper, status, "guard bit", bit);
		image_flip_back(&tamper->guard, bit);
	}
	report("bits of the guard flipped", &counts);
	assert_clean(tamper);
}

/* ---- the state, which is derived ---- */

/* Whatever is in it, the log stays as it was, and the audit complains about the state or about nothing. */
static void assert_truth(struct tamper *tamper, size_t bit, struct counts *counts)
{
	int status = in_child(tamper, audit);
	const struct outcome *outcome = tamper->outcome;
	bool fair = died_fairly(tamper, status);
	bool state_wrong = outcome->error == RECOURSE_AUDIT_FAILED && strncmp(outcome->what, "I11", 3) == 0;
	if (fair && WIFSIGNALED(status))
		counts->died++;
	else if (fair && state_wrong)
		counts->found++;
	else if (fair && outcome->error == RECOURSE_OK && same_log(tamper))
		counts->unchanged++;
	else {
		counts->missed++;
		show(tamper, status, "state bit", bit);
	}
}

/* Served as it is, the worst is a refusal to start or a death; made anew, it is as good as new. */
static void serve_and_rebuild(struct tamper *tamper, size_t bit)
{
	int status = in_child(tamper, serve);
	if (!died_fairly(tamper, status))
		show(tamper, status, "serving state bit", bit);
	assert_true(died_fairly(tamper, status));
	status = in_child(tamper, rebuild);
	if (status != 0 || tamper->outcome->error != RECOURSE_OK)
		show(tamper, status, "rebuilding state bit", bit);
	assert_int_equal(status, 0);
	assert_ok(tamper->outcome->error);
	assert_clean(tamper);
}

static void any_bit_of_the_state(void **state)
{
	struct tamper *tamper = *state;
	const char *given = getenv("TAMPER");
	struct support_random random = support_random_start();
	size_t flips = given != NULL && strcmp(given, "all") != 0 ? strtoul(given, NULL, 10)
								  : support_times(FLIPS_SAMPLE, FLIPS_ALL);
	struct counts counts = {0};
	for (size_t flip = 0; flip < flips / 10; flip++) {
		size_t bit;
		do
			bit = (size_t)support_random_below(&random, tamper->state.size * 8);
		while (tamper->state.bytes[bit / 8] == 0 && support_random_below(&random, 16) != 0);
		image_flip(&tamper->state, bit);
		assert_truth(tamper, bit, &counts);
		serve_and_rebuild(tamper, bit);
		/* the one made anew is another file */
		image_free(&tamper->state);
		image_load(&tamper->state, &tamper->kit, "state/data.mdb");
	}
	report("bits of the state flipped", &counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(any_bit_of_the_log, setup, teardown),
		cmocka_unit_test_setup_teardown(log_cut_short, setup, teardown),
		cmocka_unit_test_setup_teardown(forged_checkpoints, setup, teardown),
		cmocka_unit_test_setup_teardown(any_bit_of_the_guard, setup, teardown),
		cmocka_unit_test_setup_teardown(any_bit_of_the_state, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
