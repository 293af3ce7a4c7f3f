/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "worked.h"
#include "proof/key.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char LOG_SECRET[] =
	"PRIVATE+KEY+example.com/ledger+93727de6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

static void assert_format(const struct key_public *key, const char *vkey)
{
	char text[KEY_TEXT_SIZE];
	assert_int_equal(key_format(key, text), strlen(vkey));
	assert_string_equal(text, vkey);
}

static void test_vectors(void **state)
{
	struct key_public key;
	assert_ok(key_parse(slice_text(LOG_VKEY), &key));
	assert_string_equal(key.name, "example.com/ledger");
	assert_int_equal(key.type, KEY_TYPE_ED25519);
	assert_memory_equal(key.id, "\x93\x72\x7d\xe6", 4);
	assert_format(&key, LOG_VKEY);
	char handle[KEY_HANDLE_SIZE + 1];
	assert_int_equal(key_handle(&key, handle), strlen("example.com/ledger+93727de6"));
	assert_string_equal(handle, "example.com/ledger+93727de6");

	assert_ok(key_parse(slice_text(WITNESS_VKEY), &key));
	assert_int_equal(key.type, KEY_TYPE_COSIGNATURE);
	assert_format(&key, WITNESS_VKEY);
}

static void test_seeds(void **state)
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	worked_seed(0, seed);
	struct key_secret key;
	assert_ok(key_open_seed(slice_text("example.com/ledger"), seed, &key));
	assert_format(&key.public_key, LOG_VKEY);
	char secret[KEY_TEXT_SIZE];
	assert_int_equal(
		key_format_secret(slice_text("example.com/ledger"), seed, secret), strlen(LOG_SECRET));
	assert_string_equal(secret, LOG_SECRET);
	key_close(&key);
	assert_null(key.signer);
	key_close(&key);

	worked_seed(0x20, seed);
	assert_ok(key_open_seed(slice_text("witness.example/w1"), seed, &key));
	struct key_public witness;
	assert_ok(key_make(
		slice_text("witness.example/w1"), KEY_TYPE_COSIGNATURE, key.public_key.bytes, &witness));
	assert_format(&witness, WITNESS_VKEY);
	key_close(&key);

	assert_error(key_open_seed(slice_text("bad name"), seed, &key), RECOURSE_KEY_MALFORMED);
	assert_int_equal(key_format_secret(slice_text("bad name"), seed, secret), 0);
	assert_string_equal(secret, "");
}

static void test_open_text(void **state)
{
	struct key_secret key;
	assert_ok(key_open_text(slice_text(LOG_SECRET), &key));
	assert_format(&key.public_key, LOG_VKEY);
	slice message = slice_text("message");
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	assert_ok(crypto_key_sign(key.signer, slice_of(NULL, 0), message, signature));
	assert_ok(crypto_verify(key.public_key.bytes, slice_of(NULL, 0), message, signature));
	key_close(&key);

	for (size_t size = 0; size < strlen(LOG_SECRET); size++)
		assert_error(key_open_text(slice_of(LOG_SECRET, size), &key), RECOURSE_KEY_MALFORMED);
	static const char *const REFUSED[] = {
		"PRIVATE+KEY+example.com/ledger+93727de7+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"PRIVATE+KEY+example.com/ledger+93727DE6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"PRIVATE+KEY+example.com/ledger+93727de6+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"PRIVATE+KEY+example.com/ledger+93727de6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4g",
		"PRIVATE+KEY+example.com/ledger+93727de6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n",
		"PRIVATE+KEY+example.com/ledges+93727de6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"private+key+example.com/ledger+93727de6+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
	};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
		assert_error(key_open_text(slice_text(REFUSED[i]), &key), RECOURSE_KEY_MALFORMED);
	assert_error(key_open_text(slice_text(LOG_VKEY), &key), RECOURSE_KEY_MALFORMED);
}

static void test_parse_refused(void **state)
{
	static const char *const REFUSED[] = {
		/* wrong id, upper case, long and short ids */
		"example.com/ledger+93727de7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com/ledger+93727DE6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com/ledger+093727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com/ledger+3727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com/ledger++AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		/* names: another one, with '+', none, with a blank */
		"example.com/ledges+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com+ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		/* another type, another key */
		"example.com/ledger+93727de6+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		"example.com/ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG5",
		/* bytes behind, also inside the base64; the URL alphabet */
		"example.com/ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n",
		"example.com/ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AA==",
		"example.com/ledger+93727de6+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4=",
		"example.com/ledger+93727de6+AQOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
	};
	struct key_public key;
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
		assert_error(key_parse(slice_text(REFUSED[i]), &key), RECOURSE_KEY_MALFORMED);
	for (size_t size = 0; size < strlen(LOG_VKEY); size++)
		assert_error(key_parse(slice_of(LOG_VKEY, size), &key), RECOURSE_KEY_MALFORMED);
	assert_error(key_parse(slice_of(NULL, 0), &key), RECOURSE_KEY_MALFORMED);
}

/* Splitting at any but the first two '+' would break every key whose base64 has one. */
static void test_plus_in_base64(void **state)
{
	size_t plusses = 0;
	for (uint8_t first = 0; first < 100; first++) {
		uint8_t seed[CRYPTO_SEED_SIZE];
		SCOPED(key_close) struct key_secret key;
		struct key_public parsed;
		char text[KEY_TEXT_SIZE];
		worked_seed(first, seed);
		assert_ok(key_open_seed(slice_text("n"), seed, &key));
		size_t size = key_format(&key.public_key, text);
		for (size_t i = strlen("n+01234567+"); i < size; i++)
			plusses += text[i] == '+';
		assert_ok(key_parse(slice_of(text, size), &parsed));
		assert_memory_equal(&parsed, &key.public_key, sizeof parsed);
	}
	assert_true(plusses > 20);
}

/* Points of small order, and points and no points in a second form: under some of these anybody signs. */
static void test_unsound(void **state)
{
	static const struct {
		uint8_t first, middle, last;
	} KEYS[] = {
		{0x00, 0x00, 0x00},
		{0x01, 0x00, 0x00},
		{0xec, 0xff, 0x7f},
		{0xed, 0xff, 0x7f},
		{0xff, 0xff, 0xff},
		{0x01, 0x00, 0x80},
		{0xee, 0xff, 0x7f},
		{0x02, 0x00, 0x00},
	};
	for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
		uint8_t bytes[CRYPTO_PUBLIC_SIZE];
		struct key_public key;
		char text[KEY_TEXT_SIZE];
		memset(bytes, KEYS[i].middle, sizeof bytes);
		bytes[0] = KEYS[i].first;
		bytes[CRYPTO_PUBLIC_SIZE - 1] = KEYS[i].last;
		assert_ok(key_make(slice_text("n"), KEY_TYPE_ED25519, bytes, &key));
		size_t size = key_format(&key, text);
		assert_error(key_parse(slice_of(text, size), &key), RECOURSE_KEY_MALFORMED);
	}
}

static void test_every_flip(void **state)
{
	struct key_public key;
	char text[sizeof LOG_VKEY];
	for (size_t bit = 0; bit < strlen(LOG_VKEY) * 8; bit++) {
		memcpy(text, LOG_VKEY, sizeof text);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		assert_error(key_parse(slice_of(text, strlen(LOG_VKEY)), &key), RECOURSE_KEY_MALFORMED);
	}
}

static void test_names(void **state)
{
	char longest[KEY_NAME_SIZE + 2];
	memset(longest, 'n', sizeof longest);
	assert_true(key_name_valid(slice_of(longest, KEY_NAME_SIZE)));
	assert_false(key_name_valid(slice_of(longest, KEY_NAME_SIZE + 1)));
	static const char *const ALLOWED[] = {
		"a", "example.com/ledger", "消费者", "bank-1", "a=b", "\xe2\x80\x94"};
	for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++)
		assert_true(key_name_valid(slice_text(ALLOWED[i])));
	static const char *const REFUSED[] = {"", "a+b", "+", "a b", " a", "a\n", "a\tb", "a\x7f",
		"a\xc2\x85", "a\xc2\xa0", "\xe3\x80\x80", "a\xe2\x80\x83z", "\xe2\x81\x9f", "\xff", "a\xc3"};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
		assert_false(key_name_valid(slice_text(REFUSED[i])));
	assert_false(key_name_valid(slice_of("a\0b", 3)));

	/* The longest name fits every text form. */
	uint8_t seed[CRYPTO_SEED_SIZE];
	worked_seed(7, seed);
	char text[KEY_TEXT_SIZE];
	SCOPED(key_close) struct key_secret key;
	size_t size = key_format_secret(slice_of(longest, KEY_NAME_SIZE), seed, text);
	assert_int_equal(size, KEY_TEXT_SIZE - 1);
	assert_int_equal(strlen(text), size);
	assert_ok(key_open_text(slice_of(text, size), &key));
}

static void test_make_refused(void **state)
{
	static const uint8_t BYTES[CRYPTO_PUBLIC_SIZE];
	struct key_public key;
	assert_error(key_make(slice_text("n"), 0, BYTES, &key), RECOURSE_KEY_MALFORMED);
	assert_error(key_make(slice_text("n"), 6, BYTES, &key), RECOURSE_KEY_MALFORMED);
	assert_error(key_make(slice_text("a+b"), 1, BYTES, &key), RECOURSE_KEY_MALFORMED);
	assert_error(key_make(slice_of(NULL, 0), 1, BYTES, &key), RECOURSE_KEY_MALFORMED);
}

static int place_make(void **state)
{
	return support_pair_make(state, "key", "key.pub");
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	support_write_file(path, slice_text(text));
	assert_int_equal(chmod(path, mode), 0);
}

static mode_t mode_of(const char *path)
{
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void test_create(void **state)
{
	struct support_pair *place = *state;
	mode_t before = umask(0077);
	struct key_public created, read_back;
	assert_ok(key_create(place->path, slice_text("example.com/a"), &created));
	umask(before);
	assert_int_equal(mode_of(place->path), 0600);
	assert_int_equal(mode_of(place->beside), 0644);

	SCOPED(key_close) struct key_secret opened;
	assert_ok(key_open_file(place->path, &opened));
	assert_memory_equal(&opened.public_key, &created, sizeof created);
	assert_ok(key_read_public(place->beside, &read_back));
	assert_memory_equal(&read_back, &created, sizeof created);

	struct stat status;
	char vkey[KEY_TEXT_SIZE];
	assert_int_equal(stat(place->beside, &status), 0);
	assert_int_equal(status.st_size, key_format(&created, vkey) + 1);
}

static void test_create_never_overwrites(void **state)
{
	struct support_pair *place = *state;
	struct key_public key, other;
	assert_ok(key_create(place->path, slice_text("a"), &key));
	assert_error(key_create(place->path, slice_text("b"), &other), RECOURSE_EXISTS);
	assert_ok(key_read_public(place->beside, &other));
	assert_memory_equal(&other, &key, sizeof key);

	/* The public file alone is in the way too, and then no secret file stays behind. */
	assert_int_equal(unlink(place->path), 0);
	assert_error(key_create(place->path, slice_text("b"), &other), RECOURSE_EXISTS);
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(unlink(place->beside), 0);

	/* Nor is a link followed, even one that leads nowhere. */
	assert_int_equal(symlink("nowhere", place->path), 0);
	assert_error(key_create(place->path, slice_text("b"), &other), RECOURSE_EXISTS);
	assert_int_equal(access(place->beside, F_OK), -1);
}

static void test_create_refused(void **state)
{
	struct support_pair *place = *state;
	struct key_public key;
	assert_error(key_create(place->path, slice_text("a b"), &key), RECOURSE_KEY_MALFORMED);
	assert_int_equal(access(place->path, F_OK), -1);
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&place->directory, "none/key", path);
	assert_error(key_create(path, slice_text("a"), &key), RECOURSE_IO);
}

static void test_open_file_permissions(void **state)
{
	struct support_pair *place = *state;
	struct key_secret key;
	assert_error(key_open_file(place->path, &key), RECOURSE_IO);
	static const mode_t REFUSED[] = {0640, 0604, 0620, 0602, 0610, 0601, 0666};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		write_file(place->path, LOG_SECRET, REFUSED[i]);
		assert_error(key_open_file(place->path, &key), RECOURSE_NOT_PERMITTED);
	}
	write_file(place->path, LOG_SECRET, 0400);
	assert_ok(key_open_file(place->path, &key));
	key_close(&key);

	/* Only root can give a file away to try it. */
	if (geteuid() == 0) {
		assert_int_equal(chown(place->path, 1, (gid_t)-1), 0);
		assert_error(key_open_file(place->path, &key), RECOURSE_NOT_PERMITTED);
	}
}

static void test_open_file_kinds(void **state)
{
	struct support_pair *place = *state;
	struct key_secret key;
	write_file(place->beside, LOG_SECRET, 0600);
	assert_int_equal(symlink(place->beside, place->path), 0);
	assert_error(key_open_file(place->path, &key), RECOURSE_NOT_PERMITTED);
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_error(key_open_file(place->path, &key), RECOURSE_NOT_PERMITTED);
	assert_error(key_open_file(place->directory.path, &key), RECOURSE_NOT_PERMITTED);
}

static void test_file_contents(void **state)
{
	struct support_pair *place = *state;
	struct key_secret key;
	struct key_public public_key;
	static const char *const BEHIND[] = {"\n\n", " ", "\r\n", "\nx", "x"};
	char text[256];
	for (size_t i = 0; i < sizeof BEHIND / sizeof BEHIND[0]; i++) {
		snprintf(text, sizeof text, "%s%s", LOG_SECRET, BEHIND[i]);
		write_file(place->path, text, 0600);
		assert_error(key_open_file(place->path, &key), RECOURSE_KEY_MALFORMED);
		snprintf(text, sizeof text, "%s%s", LOG_VKEY, BEHIND[i]);
		write_file(place->beside, text, 0644);
		assert_error(key_read_public(place->beside, &public_key), RECOURSE_KEY_MALFORMED);
	}
	write_file(place->path, "", 0600);
	assert_error(key_open_file(place->path, &key), RECOURSE_KEY_MALFORMED);
	write_file(place->beside, "", 0644);
	assert_error(key_read_public(place->beside, &public_key), RECOURSE_KEY_MALFORMED);
	write_file(place->beside, LOG_VKEY, 0644);
	assert_ok(key_read_public(place->beside, &public_key));
	assert_error(key_read_public(place->directory.path, &public_key), RECOURSE_IO);
	assert_int_equal(unlink(place->beside), 0);
	assert_error(key_read_public(place->beside, &public_key), RECOURSE_IO);
}

/* Reading stops behind the longest key; what follows there must not be overlooked. */
static void test_long_file(void **state)
{
	struct support_pair *place = *state;
	char name[KEY_NAME_SIZE];
	memset(name, 'n', sizeof name);
	uint8_t seed[CRYPTO_SEED_SIZE];
	worked_seed(7, seed);
	char secret[KEY_TEXT_SIZE];
	assert_int_equal(key_format_secret(slice_of(name, sizeof name), seed, secret), KEY_TEXT_SIZE - 1);
	char text[KEY_TEXT_SIZE + 16];
	struct key_secret key;
	snprintf(text, sizeof text, "%s\n", secret);
	write_file(place->path, text, 0600);
	assert_ok(key_open_file(place->path, &key));
	key_close(&key);
	snprintf(text, sizeof text, "%s\nmore", secret);
	write_file(place->path, text, 0600);
	assert_error(key_open_file(place->path, &key), RECOURSE_KEY_MALFORMED);
	snprintf(text, sizeof text, "%s\n\n", secret);
	write_file(place->path, text, 0600);
	assert_error(key_open_file(place->path, &key), RECOURSE_KEY_MALFORMED);
}

#define in_place(test) cmocka_unit_test_setup_teardown(test, place_make, support_pair_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_seeds),
		cmocka_unit_test(test_open_text),
		cmocka_unit_test(test_parse_refused),
		cmocka_unit_test(test_plus_in_base64),
		cmocka_unit_test(test_unsound),
		cmocka_unit_test(test_every_flip),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_make_refused),
		in_place(test_create),
		in_place(test_create_never_overwrites),
		in_place(test_create_refused),
		in_place(test_open_file_permissions),
		in_place(test_open_file_kinds),
		in_place(test_file_contents),
		in_place(test_long_file),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
