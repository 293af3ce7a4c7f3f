/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A list that is woven into its members: each has a link for each list that it may be in, and knows from where it is
 * taken out. A list is a link as well, of nobody, from which it goes round.
 */
struct link {
	struct link *before;
	struct link *after;
	void *of; /* whose it is; NULL: where a list begins and ends */
};

static inline void link_make(struct link *link, void *of)
{
	*link = (struct link){.before = link, .after = link, .of = of};
}

/* Out of the list that it is in, if it is in one. */
static inline void link_take(struct link *link)
{
	link->before->after = link->after;
	link->after->before = link->before;
	link_make(link, link->of);
}

/* To the end of that list, out of any other. */
static inline void link_append(struct link *list, struct link *link)
{
	link_take(link);
	link->before = list->before;
	link->after = list;
	list->before->after = link;
	list->before = link;
}
