#!/usr/bin/env python3
"""Reckons the figures of data/marks.csv anew, by the text of docs/method.md alone.

    tests/method/recompute.py PIPELINE REPORT

Reads the facts of a report (data/facts.csv), the tables of its pipeline (prices in `growth_pct`, a
closed register, years and no windows) and, for the states of cells, data/cells.csv. Prints every
value that comes out otherwise, and ends with exit code 1 if there is one.
"""
import csv
import sys
import tomllib
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 60
Z2 = Fraction(3_841_458_821, 10**9)


def rows(path, delimiter=","):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def whole(number):
    """Half away from zero."""
    sign = -1 if number < 0 else 1
    return sign * ((abs(number) * 2 + 1) // 2).__floor__()


def ppm(number):
    return whole(Fraction(number) * 10**6)


class Programme:
    def __init__(self, folder):
        folder = Path(folder)
        toml = tomllib.loads((folder / "pipeline.toml").read_text("utf-8"))
        table = lambda name: rows(folder / "tables" / f"{name}.csv", ";")
        self.authorities = {row["id"]: row for row in table("authorities")}
        self.services = {row["id"]: row for row in table("services")}
        self.marks = [row["id"] for row in table("pejlemaerker")]
        self.weights = defaultdict(dict)
        for row in table("weights"):
            weight = Fraction(row["weight"].replace(",", "."))
            self.weights[row["initiative"]][row["pejlemaerke"]] = weight
        self.level = toml["prices"]["level"]
        self.borrow = {to: lent["from"] for to, lent in toml["prices"].get("borrow", {}).items()}
        self.index = {}
        series = defaultdict(list)
        for row in table("prices"):
            if row["vintage"] == toml["prices"]["vintage"]:
                growth = Fraction(row["growth_pct"].replace(",", "."))
                series[row["sector"], row["cost_type"]].append((int(row["year"]), growth))
        for key, growths in series.items():
            level = Fraction(1)
            for year, growth in sorted(growths):
                level *= 1 + growth / 100
                self.index[key + (year,)] = level

    def heir(self, authority):
        while self.authorities[authority]["successor"]:
            authority = self.authorities[authority]["successor"]
        return authority

    def price(self, unit, year):
        sector = self.authorities[unit[0]]["sector"]
        kind = self.services[unit[1]]["cost_type"] if unit[1] in self.services else "general"
        return self.index[self.borrow.get(sector, sector), kind, year]

    def split(self, initiative, mark, amount):
        """Largest remainder, ties to the earlier pejlemærke."""
        if mark == "total":
            return amount
        order = [one for one in self.marks if one in self.weights[initiative]]
        parts = [abs(amount) * self.weights[initiative][one] for one in order]
        left = abs(amount) - sum(int(part) for part in parts)
        ranked = sorted(range(len(order)), key=lambda at: (-(parts[at] - int(parts[at])), at))
        own = order.index(mark)
        part = int(parts[own]) + (1 if own in ranked[:left] else 0)
        return -part if amount < 0 else part


MEASURES = ["amount_oere", "started", "completed", "digital", "satisfied", "answered"]


class Facts:
    """By unit: year, month (13 is period 13), measure. Months of which a member lacks are short."""

    def __init__(self, programme, path):
        own = defaultdict(lambda: defaultdict(dict))
        named = defaultdict(set)
        for row in rows(path):
            if row["status"] != "posted":
                continue
            year, month = (int(part) for part in row["period"].split("-"))
            at = own[row["authority"], row["service"] or "-"][year, month]
            unit = (programme.heir(row["authority"]), row["service"] or "-")
            if row["initiative"]:
                named[unit].add(row["initiative"])
            for measure in MEASURES:
                if row[measure]:
                    at[measure] = at.get(measure, 0) + int(row[measure])
        members = defaultdict(list)
        for (authority, service), series in own.items():
            members[programme.heir(authority), service].append((authority, series))
        self.units = {}
        for unit, parts in sorted(members.items()):
            total = defaultdict(dict)
            for _, series in parts:
                for at, values in series.items():
                    for measure, value in values.items():
                        total[at][measure] = total[at].get(measure, 0) + value
            if len(parts) > 1:
                self.shorten(programme, parts, total)
            names = named[unit]
            register = programme.services.get(unit[1], {}).get("initiative")
            self.units[unit] = (dict(total), names.pop() if len(names) == 1 else register)

    @staticmethod
    def shorten(programme, parts, total):
        months = lambda text: tuple(int(part) for part in text.split("-")) if text else None
        for authority, series in parts:
            entry = programme.authorities[authority]
            first, last = months(entry["valid_from"]), months(entry["valid_to"])
            for measure in ["amount_oere", "completed"]:
                delivered = [at for at, values in series.items() if measure in values]
                if not delivered:
                    continue
                others = programme.authorities.values()
                before = [row for row in others if row["successor"] == authority]
                ends = [months(row["valid_to"]) for row in before if row["valid_to"]]
                took_over = min((y + m // 12, m % 12 + 1) for y, m in ends) if ends else None
                begins = took_over if took_over and took_over <= min(delivered) else first
                for at in total:
                    exists = (not begins or begins <= at) and (not last or at <= last)
                    if at[1] != 13 and exists and measure not in series.get(at, {}):
                        total[at]["short"] = True


def both(series, then, now, measures):
    """Months, by number, in which every one of some measures is known in both years."""
    known = lambda year, month: (
        (values := series.get((year, month)))
        and not values.get("short")
        and all(measure in values for measure in measures)
    )
    return [month for month in range(1, 13) if known(then, month) and known(now, month)]


def amounts(series, then, now, months):
    """What the months cost in both years; period 13 among them where both have all of it."""
    closed = all("amount_oere" in series.get((year, 13), {}) for year in (then, now))
    numbers = months + ([13] if len(months) == 12 and closed else [])
    cost = lambda year: sum(series.get((year, month), {}).get("amount_oere", 0) for month in numbers)
    return cost(then), cost(now)


def spent(series, year):
    known = [v["amount_oere"] for (y, _), v in series.items() if y == year and "amount_oere" in v]
    return sum(known) if known else None


def aligned(series, then, now):
    """Spending and volume then and now, or None where there is no comparison."""
    months = both(series, then, now, ["amount_oere", "completed"])
    volume = lambda year: sum(series[year, month]["completed"] for month in months)
    if not months or volume(then) <= 0 or volume(now) <= 0:
        return None
    old, new = amounts(series, then, now, months)
    if old <= 0 or new < 0:
        return None
    return months, old, new, volume(then), volume(now)


def indices(programme, scope, mark, years):
    """The chained indices of a pejlemærke, by year."""
    weigh = lambda initiative: 1 if mark == "total" else programme.weights[initiative][mark]
    found, reached = {}, None
    for year in years:
        step = None
        if reached:
            before, old_activity, old_input = reached
            weights = activity = used = all_spent = Fraction(0)
            units, months = 0, []
            for unit, series, initiative in scope:
                cost = spent(series, before) or 0
                if cost <= 0:
                    continue
                all_spent += weigh(initiative) * cost
                compared = aligned(series, before, year)
                if not compared:
                    continue
                deflator = programme.price(unit, before) / programme.price(unit, year)
                at_old_cost = whole(Fraction(cost * compared[4], compared[3]))
                at_old_prices = whole(Fraction(cost * compared[2], compared[1]) * deflator)
                weights += weigh(initiative) * cost
                activity += weigh(initiative) * at_old_cost
                used += weigh(initiative) * at_old_prices
                units += 1
                months.append(len(compared[0]))
            if weights > 0:
                step = (year, old_activity * activity / weights, old_input * used / weights)
                link = (units, min(months), max(months), ppm(weights / all_spent), 0)
        if step is None:
            usable = any(both(series, year, year, ["amount_oere", "completed"]) for _, series, _ in scope)
            step = (year, Fraction(1), Fraction(1)) if usable else None
            link = (0, None, None, None, int(bool(found)))
        if step:
            found[year] = {
                "activity_index_ppm": ppm(step[1]),
                "input_index_ppm": ppm(step[2]),
                "productivity_ppm": ppm(step[1] / step[2]) if step[2] > 0 else None,
            }
            names = ["units", "months_min", "months_max", "spending_share_ppm", "break"]
            found[year].update({f"chain_{name}": value for name, value in zip(names, link)})
        reached = step
    return found


def wilson(part, n):
    """The ends of Wilson's interval."""
    z2 = Decimal(Z2.numerator) / Decimal(Z2.denominator)
    part, n = Decimal(part), Decimal(n)
    half = (z2 * z2 + 4 * z2 * part * (n - part) / n).sqrt()
    return (2 * part + z2 - half) / (2 * (n + z2)), (2 * part + z2 + half) / (2 * (n + z2))


def mean(counts, weights, sampled):
    """The weighted mean over services and what it rests on."""
    shares = {service: count for service, count in counts.items() if count[1] > 0}
    weighed = {service: count for service, count in shares.items() if service in weights}
    if not weighed:
        return None
    total = sum(weights[service] for service in weighed)
    exact = sum(Fraction(weights[s] * part, n) for s, (part, n) in weighed.items()) / total
    count = sum(n for _, n in weighed.values())
    largest = min(weighed, key=lambda service: (-weighed[service][1], service))
    found = {
        "ppm": ppm(exact),
        "services": len(weighed),
        "services_unweighed": len(shares) - len(weighed),
        "largest": largest,
        "largest_ppm": ppm(Fraction(weighed[largest][1], count)),
    }
    if sampled:
        below = above = Decimal(0)
        for service, (part, n) in weighed.items():
            low, high = wilson(part, n)
            share, weight = Decimal(part) / Decimal(n), Decimal(weights[service]) / Decimal(total)
            below += (weight * (share - low)) ** 2
            above += (weight * (high - share)) ** 2
        centre = Decimal(exact.numerator) / Decimal(exact.denominator)
        ends = max(centre - below.sqrt(), Decimal(0)), min(centre + above.sqrt(), Decimal(1))
        nearest = lambda end: int((end * 10**6).quantize(Decimal(1), ROUND_HALF_UP))
        found.update(low_ppm=nearest(ends[0]), high_ppm=nearest(ends[1]), n=count)
    return found


USES = [
    ("digital", "digital", "completed", False),
    ("completion", "completed", "started", False),
    ("satisfaction", "satisfied", "answered", True),
]


def add(counts, service, part, n):
    old = counts.get(service, (0, 0))
    counts[service] = (old[0] + part, old[1] + n)


def used(scope, weights, then, now):
    """Every column about use, of one pejlemærke and year."""
    found = {}
    for name, part, n, sampled in USES:
        counts = {}
        for unit, series, _ in scope:
            for (year, _), values in series.items():
                if year == now and part in values and n in values:
                    add(counts, unit[1], values[part], values[n])
        for key, value in (mean(counts, weights, sampled) or {}).items():
            found[f"{name}_{key}"] = value
        sums = [sum(count[at] for count in counts.values()) for at in (0, 1)]
        if sums[1] > 0:
            found[f"{name}_counts_numerator"], found[f"{name}_counts_denominator"] = sums
            found[f"{name}_counts_ppm"] = ppm(Fraction(sums[0], sums[1]))
        if then is None:
            continue
        panel = [(unit, series, months) for unit, series, _ in scope
                 if (months := both(series, then, now, [part, n]))]
        ends = {}
        for span in (then, now):
            ends[span] = {}
            for unit, series, months in panel:
                for month in months:
                    add(ends[span], unit[1], series[span, month][part], series[span, month][n])
        fit = {s for s in ends[then] if ends[then][s][1] > 0 and ends[now][s][1] > 0}
        wholes = {span: sum(count[1] for count in ends[span].values()) for span in (then, now)}
        if min(wholes.values()) <= 0:
            continue
        found[f"{name}_panel_cells"] = sum(unit[1] in fit for unit, _, _ in panel)
        found[f"{name}_panel_counts_cells"] = len(panel)
        for label, span in (("then", then), ("now", now)):
            sums = [sum(count[at] for count in ends[span].values()) for at in (0, 1)]
            head = f"{name}_panel_{label}"
            found[f"{head}_counts_numerator"], found[f"{head}_counts_denominator"] = sums
            found[f"{head}_counts_ppm"] = ppm(Fraction(sums[0], sums[1]))
            counts = {service: ends[span][service] for service in fit}
            for key in ["ppm", "low_ppm", "high_ppm", "n"]:
                value = (mean(counts, weights, sampled) or {}).get(key)
                if value is not None:
                    found[f"{head}_{key}"] = value
    return found


def money(programme, scope, mark, then, year):
    """Spending, savings, unit cost and the panel of spending, of one pejlemærke and year."""
    split = lambda initiative, value: programme.split(initiative, mark, value)
    found = defaultdict(int, cells_compared=0)
    expected = 0
    for unit, series, initiative in scope:
        nominal = spent(series, year)
        real = lambda value, at: whole(
            value * programme.index_ratio(unit, at) if value else Fraction(0)
        )
        if nominal is not None:
            found["spending_oere"] += split(initiative, nominal)
            found["spending_real_oere"] += split(initiative, real(nominal, year))
        service = programme.services.get(unit[1])
        baseline = int(service["baseline"]) if service and service["baseline"] else None
        compared = aligned(series, baseline, year) if baseline and baseline < year else None
        if compared and len(compared[0]) == 12:
            _, old, new, volume_then, volume_now = compared
            prices = programme.price(unit, year) / programme.price(unit, baseline)
            phi = service["fixed_share"].replace(",", ".")
            for name, share in (("phi0", 0), ("declared", Fraction(phi)), ("phi1", 1)):
                flexible = share + (1 - share) * Fraction(volume_now, volume_then)
                exact = old * flexible * prices
                saving = whole(exact) - new
                found[f"saving_oere_{name}"] += split(initiative, saving)
                level = programme.index_ratio(unit, year)
                at_level = whole((exact - new) * level)
                found[f"saving_real_oere_{name}"] += split(initiative, at_level)
                if name == "phi0":
                    expected += split(initiative, saving)
            found["spending_then_oere"] += split(initiative, old)
            found["spending_now_oere"] += split(initiative, new)
            found["cells_compared"] += 1
        months = both(series, then, year, ["amount_oere"]) if then else []
        if months:
            found["spending_panel_cells"] += 1
            values = amounts(series, then, year, months)
            for label, at, value in zip(("then", "now"), (then, year), values):
                found[f"spending_panel_{label}_oere"] += split(initiative, value)
                found[f"spending_real_panel_{label}_oere"] += split(initiative, real(value, at))
    below = found.get("spending_now_oere", 0) + expected
    if below > 0:
        found["unit_cost_index_ppm"] = ppm(Fraction(found["spending_now_oere"], below))
    return found


def index_ratio(self, unit, year):
    return self.price(unit, self.level) / self.price(unit, year)


Programme.index_ratio = index_ratio


def common_baseline(programme, scope):
    units = defaultdict(int)
    for unit, _, _ in scope:
        baseline = programme.services.get(unit[1], {}).get("baseline")
        if baseline:
            units[int(baseline)] += 1
    return min(units, key=lambda year: (-units[year], year)) if units else None


def main(pipeline, report):
    programme = Programme(pipeline)
    data = Path(report) / "data"
    facts = Facts(programme, data / "facts.csv")
    published = {(row["pejlemaerke"], int(row["span"])): row for row in rows(data / "marks.csv")}
    years = sorted({year for _, year in published})
    # A unit that is awaited and silent has cells, and counts among the baselines.
    units = {(row["authority"], row["service"]): row["initiative"] for row in rows(data / "cells.csv")}
    differing = compared = 0
    for mark in ["total", *programme.marks]:
        scope = []
        for unit, listed in sorted(units.items()):
            series, initiative = facts.units.get(unit, ({}, listed))
            if mark == "total" or mark in programme.weights.get(initiative, {}):
                scope.append((unit, series, initiative))
        baseline = common_baseline(programme, scope) or years[0]
        weights = defaultdict(int)
        for unit, series, initiative in scope:
            own = programme.services.get(unit[1], {}).get("baseline")
            part = spent(series, int(own)) if own else None
            if part is not None:
                weights[unit[1]] += programme.split(initiative, mark, part)
        weights = {service: oere for service, oere in weights.items() if oere > 0}
        chained = indices(programme, scope, mark, years)
        for year in years:
            then = baseline if baseline < year else None
            found = dict(chained.get(year, {}))
            found.update(money(programme, scope, mark, then, year))
            found.update(used(scope, weights, then, year))
            row = published[mark, year]
            for column, value in row.items():
                if column in SKIPPED or column.endswith("_state"):
                    continue
                known = found.get(column)
                said = "" if known is None else str(known)
                compared += 1
                if said != value:
                    differing += 1
                    print(f"{mark} {year} {column}: {value} published, {said} by the text")
    print(f"{compared} values compared, {differing} differ")
    return 1 if differing else 0


# States of cells, what they weigh and the bridge: not reckoned here.
SKIPPED = {
    "pejlemaerke", "span", "panel_then",
    "bridge_price_oere", "bridge_volume_oere", "bridge_absorption_oere", "bridge_efficiency_oere",
    "cells_partly", "cells_is_baseline", "cells_no_baseline", "cells_baseline_missing",
    "cells_now_missing", "cells_new_or_closed", "cells_net_income",
    "spending_compared_oere", "spending_outside_oere",
    "unknown_spending_oere", "unknown_estimated_oere", "unknown_refused_oere", "unknown_unweighed",
}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
