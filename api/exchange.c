/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

void exchange_append(struct exchange_list *list, struct exchange *exchange)
{
	exchange->next = NULL;
	if (list->last == NULL)
		list->first = exchange;
	else
		list->last->next = exchange;
	list->last = exchange;
}

struct exchange *exchange_take(struct exchange_list *list)
{
	struct exchange *exchange = list->first;
	if (exchange == NULL)
		return NULL;
	list->first = exchange->next;
	if (list->first == NULL)
		list->last = NULL;
	return exchange;
}
