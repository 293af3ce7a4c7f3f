/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include "arguments.h"
#include "output.h"

static enum exit_code ask(
	struct service *service, const struct recourse_method *method, slice params, bool json)
{
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	bool open = method->kind == RECOURSE_METHOD_PUBLIC;
	enum exit_code code = service_open(service, open ? SERVICE_PUBLIC : SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	enum recourse_error error =
		open ? recourse_client_call(service->client, method->name, params, &result, &refusal)
		     : recourse_client_query(service->client, method->name, params, &result, &refusal);
	code = error == RECOURSE_OK ? output_result(method->columns, method->column_count,
					      slice_of(result.data, result.size), json)
				    : output_error(error, &refusal, method->name);
	recourse_bytes_free(&result);
	return code;
}

enum exit_code ask_method(struct service *service, const struct recourse_method *method, char *const *pairs,
	size_t count, bool json)
{
	struct buffer params = {0};
	struct recourse_refusal refusal;
	enum exit_code code;
	enum recourse_error error = arguments_encode(method, pairs, count, &params, &refusal);
	if (error == RECOURSE_OK) {
		code = ask(service, method, buffer_slice(&params), json);
	} else {
		output_error(error, &refusal, method->name);
		output_next("recourse query %s --help", method->name);
		code = error == RECOURSE_MEMORY ? EXIT_CODE_UNAVAILABLE : EXIT_CODE_USAGE;
	}
	buffer_free(&params);
	return code;
}
