# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of somebody in no incident who leaves: what is kept back of its refund, item by item, and released."""


class RetainSteps:
    def do_leave_beside(self, amount):
        if self.leaving:
            return False
        self.leaving = amount
        self.cash += amount
        self.put("deposit", merchant="V", amount=amount)
        self.put("leave_beside")

    def kept_back(self):
        return sum(amount for amount, kept in self.items.values() if kept)

    def do_retain(self, item, part):
        most = self.leaving - self.kept_back()
        if item in self.items or most <= 0:
            return False
        self.items[item] = [max(1, most * part // 100), True]
        self.put("retain", item=item, amount=self.items[item][0])

    def do_release_item(self, item):
        if not self.items.get(item, (0, False))[1]:
            return False
        self.items[item][1] = False
        self.put("release_item", item=item)

    def do_after_refund(self, item):
        """Released when the rest was paid: a further refund pays it."""
        if item not in self.items:
            return False
        self.later.add(item)

    def refund_beside(self):
        """When its notice and tail have passed."""
        if not self.leaving:
            return
        self.put("beside_tail")
        self.pay_beside()
        for item in sorted(self.later):
            if self.do_release_item(item) is not False:
                self.pay_beside()

    def pay_beside(self):
        amount = self.leaving - self.kept_back()
        self.put("refund_beside", refused=False if amount else "INSUFFICIENT")
        self.leaving -= amount
        self.cash -= amount

    def refused_retain(self):           # more than is held and not kept back yet
        return [dict(item="none", amount=self.leaving - self.kept_back() + 1)] if self.leaving else []

    def refused_retain_again(self):
        return [dict(item=item, amount=1) for item in self.items]

    def refused_release_item(self):     # once only, and only what there is
        return [dict(item=item) for item, (_, kept) in self.items.items() if not kept]

    def refused_refund_beside(self):    # its tail
        return [{}] if self.leaving and self.in_its_tail("V/e") else []

    def refused_leave_again(self):
        return [{}] if self.leaving else []

    def look_beside(self):
        if self.items or self.leaving:
            self.account("2030", "V", "V/e", self.leaving)
