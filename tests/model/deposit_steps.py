# SPDX-License-Identifier: Apache-2.0
"""Steps of a history beside claims: what is held of a deposit and released, taken back, and what its owner leaves with."""
import re

import words


class DepositSteps:
    def within(self, owner):
        """The incident that has what this owner lodged, if one is declared; it has nobody's who sold nothing of its issuer."""
        for i, (merchants, issuer) in self.plan.incidents.items():
            if i in self.incidents and (owner == issuer or owner in merchants and (not issuer or owner in self.sellers)):
                return i
        return None

    def outside(self, owner):
        """Before its incident: what is available, or held by its exit."""
        declared = any(owner in (*self.plan.incidents[i][0], self.plan.incidents[i][1]) for i in self.incidents)
        return 0 if declared else self.deposits.get(owner, 0)

    def some(self, owner, part):
        return max(1, self.outside(owner) * part // 100)

    def set_apart(self, owner, amount):
        self.deposits[owner] -= amount
        if not self.deposits[owner]:
            del self.deposits[owner]

    def leaves(self, owner):
        return self.exits.get(owner, (0, False))[1]

    def do_hold(self, hold, owner, part):
        if not self.outside(owner) or self.leaves(owner):
            return False
        amount = self.some(owner, part)
        self.set_apart(owner, amount)
        self.holds[hold] = [owner, amount]
        self.put("hold", hold=hold, merchant=owner, amount=amount)

    def do_unhold(self, hold, part):
        """A part, or all: it is its owner's again, as money that comes in is."""
        owner, held = self.holds.get(hold, (None, 0))
        amount = max(1, held * part // 100)
        if not held or self.lodge(owner, amount) is False:
            return False
        self.holds[hold][1] -= amount
        self.put("unhold", hold=hold, amount=None if part == 100 else amount)

    def do_ask(self, owner, part):
        """For what is not required: set apart at once, and the incident's if it was not paid by then."""
        if not self.outside(owner) or self.leaves(owner) or owner in self.asked:
            return False
        amount = self.some(owner, part)
        self.set_apart(owner, amount)
        self.asked[owner] = amount
        self.was_paid.pop(owner, None)
        self.put("ask", merchant=owner, amount=amount)

    def waiting(self, owner):
        """What it asked for and no incident took."""
        declared = any(owner in (*self.plan.incidents[i][0], self.plan.incidents[i][1]) for i in self.incidents)
        return 0 if declared else self.asked.get(owner, 0)

    def take_in(self, owner):
        """An incident has what was asked for and not paid."""
        incident = self.within(owner)
        if incident and self.asked.get(owner):
            deposit = self.incidents[incident].deposit
            deposit[owner] = deposit.get(owner, 0) + self.asked[owner]

    def do_take(self, owner):
        if not self.waiting(owner):
            return False
        self.was_paid[owner] = self.asked.pop(owner)
        self.cash -= self.was_paid[owner]
        by_a_slip = self.slip is not None       # which is no more when it is put
        self.put("take" if by_a_slip else "pay_asked", merchant=owner)
        if by_a_slip:
            del self.was_paid[owner]

    def do_not_paid(self, owner):
        """It was not, the bank says when an incident has the deposit: it is there for that, as money that comes in is."""
        amount = self.was_paid.get(owner)
        if not amount or owner in self.asked or not self.within(owner) or self.lodge(owner, amount) is False:
            return False
        self.cash += self.was_paid.pop(owner)
        self.put("not_paid", merchant=owner)

    def do_give_up_asking(self, owner):
        if not self.waiting(owner):
            return False
        self.lodge(owner, self.asked.pop(owner))
        self.put("give_up_asking", merchant=owner)

    def do_leave(self, owner):
        if not self.outside(owner) or self.leaves(owner):
            return False
        self.request_exit(owner)

    def request_exit(self, owner):
        times = self.exits.get(owner, (0, 0))[0] + 1
        self.exits[owner] = (times, True)
        self.put("leave", merchant=owner, exit="%s/e%d" % (owner, times))

    def exit_of(self, owner):
        return "%s/e%d" % (owner, self.exits[owner][0])

    def do_part(self, owner):
        """Its notice and tail have passed, and no incident came."""
        if self.incidents or not self.leaves(owner) or not self.outside(owner):
            return False
        self.put("tail")
        self.cash -= self.deposits.pop(owner)
        self.refund(owner)

    def refund(self, owner):
        self.put("refund", exit=self.exit_of(owner))
        self.exits[owner] = (self.exits[owner][0], False)

    def do_after(self, owner, how, part):
        """When its incident is closed."""
        self.after[owner] = (how, part)

    # What is refused.

    def refused_hold(self):
        return [dict(hold="h-none", merchant=owner, amount=self.outside(owner) + 1) for owner in self.deposits
                if self.outside(owner)]

    def refused_unhold(self):
        return [dict(hold=hold, amount=held + 1) for hold, (_, held) in self.holds.items() if held]

    def refused_ask(self):
        return [dict(merchant=owner, amount=1) for owner in ("M", "N", "Y") if self.within(owner) and self.has_lodged(owner)]

    def has_lodged(self, owner):
        return self.incidents[self.within(owner)].deposit.get(owner, 0)

    def refused_take(self):             # an incident has it
        return [dict(merchant=owner) for owner in self.asked if self.within(owner)]

    def refused_leave(self):
        return [dict(merchant=owner, exit=owner + "/none") for owner in ("M", "N", "Y")
                if self.within(owner) and self.has_lodged(owner)]

    def refused_refund(self):           # its tail, or an incident
        return [dict(exit=self.exit_of(owner)) for owner in self.exits
                if self.leaves(owner) and self.outside(owner) and self.in_its_tail(self.exit_of(owner))]

    def in_its_tail(self, exit):
        asked = next(n for n, line in enumerate(self.lines) if line.startswith("maker exit.request exit=%s " % exit))
        return self.days_since(asked) < words.TAIL

    def days_since(self, number):
        """Of a line of the scenario."""
        return sum(int(line.split()[1]) for line in self.lines[number:] if re.fullmatch(r"wait \d+ days", line))

    # The end.

    def part_in_the_end(self):
        """What is free then is withdrawn, or leaves; and an exit that an incident stopped goes on."""
        going = {owner: free for freed in self.closed.values() for owner, free in freed.items() if free}
        for owner, free in sorted(going.items()):
            how, part = self.after.get(owner, (None, 0))
            if not self.within(owner):
                continue
            if not self.leaves(owner) and how == "take":
                amount = max(1, free * part // 100)
                self.put("ask", merchant=owner, amount=amount)
                self.put("take", merchant=owner)
                self.gone(owner, amount)
            elif self.leaves(owner) or how == "leave":
                if not self.leaves(owner):
                    self.request_exit(owner)
                if how == "stay":
                    continue
                self.put("tail")
                self.refund(owner)
                self.gone(owner, free)

    def gone(self, owner, amount):
        incident = self.within(owner)
        self.closed[incident][owner] -= amount
        self.cash -= amount

    def free(self, owner, amount):
        """Where what is not frozen stands: available, or held by an exit."""
        if self.exits.get(owner):
            self.account("2030", owner, self.exit_of(owner), amount if self.leaves(owner) else 0)
        self.account("2010", owner, "", 0 if self.leaves(owner) else amount)

    def look_held(self):
        for hold, (owner, held) in sorted(self.holds.items()):
            self.account("2020", owner, hold, held)
        for owner in sorted(self.asked):
            self.account("2030", owner, "@$asked%s" % owner, 0 if self.within(owner) else self.asked[owner])
