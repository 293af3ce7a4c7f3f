/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "file.h"
#include "base/item.h"
#include "output.h"
#include "service.h"
#include "base/text.h"

#include <inttypes.h>

enum { FILE_SIZE_MAX = 1 << 20 };

struct receipt_options {
	const char *entry; /* `get`: its number; `verify`: a file with its bytes */
	const char *output;
	bool json;
	struct service service;
};

static enum exit_code keep(const struct receipt_options *receipt, uint64_t entry, slice text)
{
	const char *path = receipt->output == NULL ? "-" : receipt->output;
	enum recourse_error error = file_replace(path, text);
	if (error != RECOURSE_OK) {
		return output_unwritten(error, path);
	}
	fprintf(stderr, "receipt of entry %" PRIu64 ": verified before it was kept\n", entry);
	if (receipt->output != NULL)
		fprintf(stderr,
			"anybody can check it without the service: recourse receipt verify %s --log-key "
			"@log.pub\n",
			path);
	return EXIT_CODE_OK;
}

static enum exit_code get(struct receipt_options *receipt)
{
	uint64_t entry = 0;
	struct recourse_bytes text = {0};
	struct recourse_refusal refusal;
	if (receipt->entry == NULL)
		return output_usage("receipt get: of which entry? --entry N");
	if (!options_number("entry", receipt->entry, 0, INT64_MAX, &entry))
		return EXIT_CODE_USAGE;
	if (receipt->json)
		return output_usage("receipt get writes the receipt's own text form, not --json");
	enum exit_code code = service_open(&receipt->service, SERVICE_VERIFIED);
	if (code != EXIT_CODE_OK)
		return code;
	enum recourse_error error = recourse_client_receipt(receipt->service.client, entry, &text, &refusal);
	code = error == RECOURSE_OK ? keep(receipt, entry, slice_of(text.data, text.size))
				    : output_error(error, &refusal, "receipt");
	recourse_bytes_free(&text);
	return code;
}

static void write_facts(const struct recourse_receipt_facts *facts, slice described, struct buffer *out)
{
	char root[65];
	text_to_hex(facts->root, sizeof facts->root, root);
	struct item_map map = item_map_open(out);
	item_write_key(out, "verified");
	item_write_boolean(out, true);
	item_write_pair_text(out, "origin", slice_text(facts->origin));
	item_write_pair_integer(out, "entry", (int64_t)facts->index);
	item_write_pair_integer(out, "size", (int64_t)facts->tree_size);
	item_write_pair_text(out, "root", slice_text(root));
	item_write_key(out, "content");
	buffer_append(out, described.data, described.size);
	item_map_close(map, out);
}

static enum exit_code show(const struct recourse_receipt_facts *facts, slice entry, bool json)
{
	struct recourse_bytes described = {0};
	struct buffer item = {0};
	enum recourse_error error = recourse_entry_describe(entry, &described);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "describing the entry");
	slice content = slice_of(described.data, described.size);
	enum exit_code code;
	if (json) {
		write_facts(facts, content, &item);
		code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "receipt")
					    : output_json(buffer_slice(&item));
	} else {
		code = output_item(content, false);
		output_text(stdout,
			"\nverified: entry %" PRIu64 " is in the log %s as it was signed at %" PRIu64
			" entries,\n"
			"and these are its exact bytes.\n",
			facts->index, facts->origin, facts->tree_size);
	}
	buffer_free(&item);
	recourse_bytes_free(&described);
	return code;
}

static enum exit_code refuse(enum recourse_error error, const char *path, bool json)
{
	if (json)
		printf("{\"verified\":false,\"error\":\"%s\"}\n", recourse_error_name(error));
	else
		output_text(stdout, "NOT verified: do not rely on %s\n", path);
	enum exit_code code = output_error(error, NULL, path);
	return error == RECOURSE_MEMORY ? code : EXIT_CODE_REFUSED;
}

static enum exit_code check(const struct receipt_options *receipt, const char *path, slice vkey)
{
	struct buffer text = {0};
	struct buffer beside = {0};
	struct recourse_bytes entry = {0};
	struct recourse_receipt_facts facts;
	enum exit_code code;
	enum recourse_error error = file_read(path, FILE_SIZE_MAX, &text);
	if (error == RECOURSE_OK && receipt->entry != NULL)
		error = file_read(receipt->entry, FILE_SIZE_MAX, &beside);
	if (error != RECOURSE_OK) {
		code = output_unread(error, text.size == 0 ? path : receipt->entry);
	} else {
		error = recourse_receipt_verify(
			buffer_slice(&text), vkey, buffer_slice(&beside), &facts, &entry);
		code = error == RECOURSE_OK ? show(&facts, slice_of(entry.data, entry.size), receipt->json)
					    : refuse(error, path, receipt->json);
	}
	recourse_bytes_free(&entry);
	buffer_free(&beside);
	buffer_free(&text);
	return code;
}

static enum exit_code verify(struct receipt_options *receipt, const char *path)
{
	struct buffer vkey = {0};
	if (receipt->output != NULL)
		return output_usage("receipt verify writes no file: no --output");
	if (!service_merge(&receipt->service))
		return EXIT_CODE_CONFIGURATION;
	if (receipt->service.log_key == NULL)
		return output_usage("receipt verify: by which log? --log-key VKEY or --log-key @FILE");
	enum exit_code code = service_log_key(receipt->service.log_key, &vkey);
	if (code == EXIT_CODE_OK)
		code = check(receipt, path, slice_text((const char *)vkey.data));
	buffer_free(&vkey);
	return code;
}

int receipt_main(int argc, char **argv)
{
	struct receipt_options receipt = {0};
	const struct options_flag flags[] = {
		{.name = "entry",
			.argument = "N|FILE",
			.value = &receipt.entry,
			.help = "get: the entry's number; verify: a file with its bytes"},
		{.name = "output",
			.letter = 'o',
			.argument = "FILE",
			.value = &receipt.output,
			.help = "get: keep it there"},
		{.name = "json", .given = &receipt.json, .help = "verify: the verdict as one JSON object"},
	};
	const struct options options = {
		.name = "receipt",
		.usage = "get --entry N [-o FILE]\nverify FILE --log-key VKEY|@FILE [--entry FILE]",
		.about = "Fetches the receipt of an entry, or verifies one without any service: that the "
			 "entry is in the\n"
			 "log, in the words that were signed.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&receipt.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code)) {
		if (rest.count == 1 && strcmp(rest.arguments[0], "get") == 0)
			code = get(&receipt);
		else if (rest.count == 2 && strcmp(rest.arguments[0], "verify") == 0)
			code = verify(&receipt, rest.arguments[1]);
		else
			code = output_usage("receipt: say `recourse receipt get --entry N` or "
					    "`recourse receipt verify FILE`");
	}
	service_close(&receipt.service);
	return (int)code;
}
