/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "proof/checkpoint.h"
#include "file.h"
#include "base/item.h"
#include "output.h"
#include "service.h"
#include "base/text.h"

#include <inttypes.h>

static enum exit_code show_json(slice note, const struct checkpoint *checkpoint)
{
	char root[2 * CRYPTO_HASH_SIZE + 1];
	struct buffer item = {0};
	text_to_hex(checkpoint->root.bytes, CRYPTO_HASH_SIZE, root);
	item_write_map(&item, 4);
	item_write_pair_text(&item, "note", note);
	item_write_pair_text(&item, "root", slice_text(root));
	item_write_pair_integer(&item, "size", (int64_t)checkpoint->size);
	item_write_pair_text(&item, "origin", slice_text(checkpoint->origin));
	enum exit_code code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "checkpoint")
						   : output_json(buffer_slice(&item));
	buffer_free(&item);
	return code;
}

static enum exit_code show(const struct service *service, slice note, bool json)
{
	struct checkpoint checkpoint;
	slice text;
	enum recourse_error error = note_text(note, &text);
	if (error == RECOURSE_OK)
		error = checkpoint_parse(text, &checkpoint);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "the checkpoint");
	enum exit_code code = EXIT_CODE_OK;
	if (json)
		code = show_json(note, &checkpoint);
	else
		fwrite(note.data, 1, note.size, stdout);
	fflush(stdout);
	fprintf(stderr, "%s, %" PRIu64 " %s: signed by the log, consistent with what was seen before\n",
		checkpoint.origin, checkpoint.size, checkpoint.size == 1 ? "entry" : "entries");
	output_text(stderr, "remembered in %s\n", service->memory);
	return code;
}

static enum exit_code run(struct service *service, const char *output, bool json)
{
	struct recourse_bytes bytes = {0};
	enum exit_code code = service_open(service, SERVICE_VERIFIED);
	if (code != EXIT_CODE_OK)
		return code;
	enum recourse_error error = recourse_client_checkpoint(service->client, &bytes);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "checkpoint");
	slice note = slice_of(bytes.data, bytes.size);
	if (output != NULL) {
		error = file_replace(output, note);
		code = error == RECOURSE_OK ? EXIT_CODE_OK : output_unwritten(error, output);
	}
	if (code == EXIT_CODE_OK)
		code = show(service, note, json);
	recourse_bytes_free(&bytes);
	return code;
}

int checkpoint_main(int argc, char **argv)
{
	struct service service;
	const char *output = NULL;
	bool json = false;
	const struct options_flag flags[] = {
		{.name = "output",
			.letter = 'o',
			.argument = "FILE",
			.value = &output,
			.help = "keep the signed note there too"},
		{.name = "json", .given = &json, .help = "as one JSON object"},
	};
	const struct options options = {
		.name = "checkpoint",
		.usage = "[-o FILE]",
		.about = "Fetches the newest checkpoint, verifies the log's signature and that its history "
			 "goes on\n"
			 "from the last one seen, remembers it, and prints the signed note.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = rest.count == 0 ? run(&service, output, json)
				       : output_usage("checkpoint takes no argument '%s'", rest.arguments[0]);
	service_close(&service);
	return (int)code;
}
