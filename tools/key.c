/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/item.h"
#include "options.h"
#include "output.h"
#include "recourse_client.h"

/* The handle is the vkey up to its second '+'. */
static slice handle_of(slice vkey)
{
	size_t plus = 0;
	for (size_t index = 0; index < vkey.size; index++) {
		plus += vkey.data[index] == '+';
		if (plus == 2)
			return slice_of(vkey.data, index);
	}
	return vkey;
}

static enum exit_code show(const char *path, bool json)
{
	struct recourse_bytes vkey = {0};
	struct buffer item = {0};
	enum recourse_error error = recourse_key_vkey(path, &vkey);
	if (error != RECOURSE_OK)
		return output_unfit_key(error, path);
	slice text = slice_of(vkey.data, vkey.size);
	item_write_map(&item, 2);
	item_write_pair_text(&item, "vkey", text);
	item_write_pair_text(&item, "handle", handle_of(text));
	enum exit_code code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "key show")
						   : output_item(buffer_slice(&item), json);
	buffer_free(&item);
	recourse_bytes_free(&vkey);
	return code;
}

static enum exit_code make(const char *path, const char *name, bool json)
{
	if (name == NULL)
		return output_usage("key new: what is it called? --name example.com/alice");
	enum recourse_error error = recourse_key_create(path, name);
	if (error == RECOURSE_KEY_MALFORMED)
		return output_usage(
			"key new: a name has 1 to 100 bytes without blanks, '+' and control characters");
	if (error == RECOURSE_EXISTS) {
		output_problem(
			"%s or %s.pub is there already, and keys are never overwritten [EXISTS]", path, path);
		output_next("choose another path");
		return EXIT_CODE_CREATE;
	}
	if (error == RECOURSE_IO)
		return output_unwritten(error, path);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, path);
		return EXIT_CODE_CREATE;
	}
	output_text(stderr, "%s is secret: keep a copy in a safe place, nothing can bring it back\n", path);
	output_text(stderr, "%s.pub is public: an admin registers it with\n", path);
	output_text(stderr, "  recourse submit key.register party=… key=@%s.pub roles=…\n", path);
	return show(path, json);
}

int key_main(int argc, char **argv)
{
	const char *name = NULL;
	bool json = false;
	const struct options_flag flags[] = {
		{.name = "name",
			.argument = "NAME",
			.value = &name,
			.help = "of the new key: a schema-less URL"},
		{.name = "json", .given = &json, .help = "as one JSON object"},
	};
	const struct options options = {
		.name = "key",
		.usage = "new PATH --name NAME\nshow PATH",
		.about = "Makes a key pair, PATH (secret) and PATH.pub, or shows the public side of one.\n"
			 "Never overwrites, never prints the secret.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	bool new_key = rest.count == 2 && strcmp(rest.arguments[0], "new") == 0;
	bool show_key = rest.count == 2 && strcmp(rest.arguments[0], "show") == 0;
	if (!new_key && !show_key)
		return (int)output_usage(
			"key: say `recourse key new PATH --name NAME` or `recourse key show PATH`");
	if (show_key && name != NULL)
		return (int)output_usage("key show takes no --name");
	return (int)(new_key ? make(rest.arguments[1], name, json) : show(rest.arguments[1], json));
}
