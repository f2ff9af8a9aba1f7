"""The vendor page's demand as a file for a negotiation: exact numbers, with what they are of and control totals."""

import csv
from io import StringIO

from readout.briefs.results_vendors import VendorsBrief
from readout.briefs.tables import exact, write_manifest
from readout.finance.prices import TOKEN_CLASSES


def vendors_csv(brief: VendorsBrief) -> str:
    """Return observed demand as RFC 4180 text: a header block, one line per model and what its calls were for.

    The lines add up to the control totals. `spend` is of `calls_with_cost` alone; the other calls' cost is not known,
    or in another currency. List prices are per million tokens on the list day, in their own currency.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    total = brief.total
    write_manifest(
        writer,
        "Vendor demand",
        brief.header,
        (
            ("list prices of", brief.list_day.isoformat()),
            ("lines", str(len(brief.lines))),
            ("control total calls", str(total.calls)),
            ("control total tokens", str(total.all_tokens)),
            ("control total spend", exact(total.cost)),
            ("calls without known cost", str(total.unpriced)),
            ("calls paid in another currency", str(total.elsewhere)),
        ),
        currency=brief.currency,
    )
    writer.writerow(
        [
            "provider", "model", "purpose", "calls", "calls_with_cost", *(f"{name}_tokens" for name in TOKEN_CLASSES),
            "spend", "currency", "blended_per_million", "share_of_spend",
            *(f"list_{name}_per_million" for name in TOKEN_CLASSES), "list_currency",
        ]
    )  # fmt: skip
    listed = {one.model: one.listed for one in brief.models}
    for model, purpose, one in brief.lines:
        prices = listed[model]
        share = one.cost / total.cost if total.cost > 0 and one.priced else None
        paid = (exact(one.cost), brief.currency) if one.priced else ("", "")
        tokens = [one.tokens[name] for name in TOKEN_CLASSES]
        prices_said = [exact(prices[name][0]) if name in prices else "" for name in TOKEN_CLASSES]
        currencies = " ".join(sorted({currency for _, currency in prices.values()}))
        writer.writerow(
            [
                model.provider, model.name, purpose, one.calls, one.priced, *tokens, *paid, exact(one.blended),
                exact(share), *prices_said, currencies,
            ]
        )  # fmt: skip
    return out.getvalue()
