"""The columns of FOCUS cost and usage data, versions 1.0 to 1.4: names, old names, closed lists, what each tells.

Sources: FOCUS_Spec CHANGELOG.md and specification/columns; CC BY 4.0.
"""

from collections.abc import Iterable

AMOUNTS = (
    "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice",
    "PricingQuantity", "ConsumedQuantity",
)  # fmt: skip
INSTANTS = ("ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "BillingPeriodEnd")
CURRENCY = "BillingCurrency"

# Closed lists; a value that differs in capitals, hyphens or spaces only is put right.
VALUES = {
    "ChargeCategory": ("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
    "ChargeClass": ("Correction",),
    "ChargeFrequency": ("One-Time", "Recurring", "Usage-Based"),
    "CommitmentDiscountStatus": ("Used", "Unused"),
    "CapacityReservationStatus": ("Used", "Unused"),
    "ServiceCategory": (
        "AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases", "Developer Tools",
        "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration", "Mobile",
        "Multicloud", "Networking", "Security", "Storage", "Web", "Other",
    ),
}  # fmt: skip

# Without these a charge has no amount or no place in time. The currency can be given for a file that does not say it.
NEEDED = ("BilledCost", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart")
# A faulty cell here rejects its row: these are loaded.
LOADED = ("BilledCost", "EffectiveCost", *INSTANTS)

# Old name -> the name since. A provider before 1.3 sold the service, a publisher made it.
RENAMED = {
    "AmortizedCost": "EffectiveCost",
    "ChargeType": "ChargeCategory",
    "UsageQuantity": "ConsumedQuantity",
    "UsageUnit": "ConsumedUnit",
    "Region": "RegionId",
    "x_OnDemandCost": "ContractedCost",
    "ProviderName": "ServiceProviderName",
    "Provider": "ServiceProviderName",
    "PublisherName": "HostProviderName",
    "Publisher": "HostProviderName",
    "InvoiceIssuer": "InvoiceIssuerName",
    "BilledCurrency": "BillingCurrency",  # not FOCUS: a slip in examples of the specification itself
}

_SINCE = {
    "before 1.0": ("AmortizedCost", "ChargeType", "UsageQuantity", "UsageUnit", "Region", "ChargeSubcategory"),
    "1.0": (
        "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency",
        "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription",
        "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory",
        "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType",
        "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice", "EffectiveCost",
        "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit",
        "ProviderName", "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType",
        "ServiceCategory", "ServiceName", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags",
    ),
    "1.1": (
        "CapacityReservationId", "CapacityReservationStatus", "CommitmentDiscountQuantity", "CommitmentDiscountUnit",
        "ServiceSubcategory", "SkuMeter", "SkuPriceDetails",
    ),
    "1.2": (
        "BillingAccountType", "InvoiceId", "PricingCurrency", "PricingCurrencyContractedUnitPrice",
        "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "SubAccountType",
    ),
    "1.3": (
        "AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId", "AllocatedResourceName",
        "AllocatedTags", "ContractApplied", "HostProviderName", "ServiceProviderName",
    ),
    "1.4": ("CommitmentProgramEligibilityDetails", "InvoiceDetailId"),
}  # fmt: skip
_FOLDED = {version: {name.lower() for name in names} for version, names in _SINCE.items()}
KNOWN = tuple(sorted({name for version, names in _SINCE.items() if version != "before 1.0" for name in names}))
_SPELLED = {name.lower(): name for name in (*KNOWN, *RENAMED)}


def version(columns: Iterable[str]) -> str:
    """Return the version of FOCUS that a set of columns is of: the newest that brought one of them.

    1.4 took the provider's and publisher's old names away, so that a file with the new ones only is 1.4.
    """
    have = {name.lower() for name in columns}
    newest = next((one for one in reversed(_FOLDED) if one != "before 1.0" and have & _FOLDED[one]), "1.0")
    if newest == "1.3" and "serviceprovidername" in have and not have & {"providername", "publishername"}:
        return "1.4"
    return "before 1.0" if newest == "1.0" and have & _FOLDED["before 1.0"] else newest


def canonical(columns: Iterable[str]) -> dict[str, str]:
    """Return the file's column -> its present name, spelled as FOCUS does; columns of the vendor's own as they are.

    An old name counts only where the present one is not in the file too.
    """
    names = list(columns)
    have = {name.lower() for name in names}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        spelled = _SPELLED.get(name.lower(), name)
        new = RENAMED.get(spelled, spelled)
        if new != spelled and (new.lower() in have or new in taken):
            new = spelled
        found[name] = new
        taken.add(new)
    return found


def present_name(name: str) -> str:
    """Return the present FOCUS name of a column that a person wrote, `` where FOCUS has none."""
    spelled = _SPELLED.get(name.lower(), "")
    return RENAMED.get(spelled, spelled)
