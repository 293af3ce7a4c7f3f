# SPDX-License-Identifier: Apache-2.0
"""Steps of a history in which a bank returns unpaid what was lodged, or what the funder paid in, whatever was paid of it since,
and it is paid in again. What was paid stays; between both who had said that it paid owes as much as is not there any more."""


class ReturnedSteps:
    MEANWHILE = ("receive", "bounce", "cost", "interest", "give_up", "pursue", "write_off", "release", "pay_consumers", "repay",
                 "give_up_owed", "repay_after_all", "ends", "paid_anew")

    def begin_returned(self):
        self.paid_in = []               # what can be returned: what it is, its entry's name, whose or of what, how much
        self.returned = None            # what was, and the name of the entry that said so

    def came_in(self, what, of, amount):
        """Its entry is called by a name."""
        if self.plan.returns:
            self.lines[-1] = "in%d := %s" % (self.count, self.lines[-1])
            self.paid_in.append((what, "in%d" % self.count, of, amount))

    def waits_for_money(self, kind):
        """No pool is shared out, and nothing is paid to who owes: the rest goes on."""
        return self.returned and kind not in self.MEANWHILE

    def do_returned(self, pick):
        if not self.bar or self.returned or not self.paid_in:
            return False
        what, name, of, amount = self.paid_in.pop(int(pick * len(self.paid_in)))
        self.cash += amount
        self.lodged_beside += amount    # money of somebody who is in no incident is there
        self.put("deposit", merchant="Q", amount=amount)
        self.put("returned_" + what, entry="$" + name)
        back = "back%d" % self.count
        self.lines[-1] = "%s := %s" % (back, self.lines[-1])
        self.returned = what, back, of, amount
        if what == "fund":
            self.account("1100", "P", of, amount)
            due = self.due(of) - self.remitted.get(of, 0) - self.stood_for(of)
            if 0 < due <= amount:
                self.put("remit", "INSUFFICIENT amount", incident=of)
            return None
        i = self.incidents["i"]
        taken = min(amount, i.frozen(of))
        self.account("1100", of, "@$" + back, amount - taken)
        self.account("2020", of, "i", i.frozen(of) - taken)
        return None

    def do_paid_anew(self):
        if not self.returned:
            return False
        what, back, of, amount = self.returned
        self.returned = None
        self.put(what, merchant=of, incident=of, amount=amount)
        self.came_in(what, of, amount)
        if what == "fund":
            self.account("1100", "P", of, 0)
        else:
            self.account("1100", of, "@$" + back, 0)
            self.account("2020", of, "i", self.incidents["i"].frozen(of))
