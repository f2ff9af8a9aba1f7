"""The currencies that a registry may name. Pure."""

import difflib
from decimal import Decimal

# ISO 4217, active codes of currencies (funds, metals and test codes left out)
CURRENCIES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK
    PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - one code per line would fill three screens
)
# ISO 4217: decimals of the minor unit, where they are not two
_WITHOUT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())  # noqa: SIM905
_THOUSANDTHS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905


def minor_unit(code: str) -> Decimal:
    """Return the smallest amount that is paid in a currency: a cent, 0.01; 0.01 also where the code is unknown."""
    if code in _WITHOUT:
        return Decimal(1)
    return Decimal("0.001") if code in _THOUSANDTHS else Decimal("0.01")


def iso_4217(code: str) -> str:
    """Return a currency's code as it was given.

    Raises:
        ValueError: it is none; the message names the code that may have been meant.
    """
    if code not in CURRENCIES:
        close = difflib.get_close_matches(code.upper(), CURRENCIES, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        message = f"`{code[:20]}` is no ISO 4217 currency code{hint}"
        raise ValueError(message)
    return code
