/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_format.h"

const struct export_format *export_format_find(const char *name)
{
	static const struct export_format *const formats[] = {
		&export_hledger, &export_beancount, &export_csv};
	for (size_t index = 0; index < sizeof formats / sizeof formats[0]; index++) {
		if (strcmp(formats[index]->name, name) == 0)
			return formats[index];
	}
	return NULL;
}
