"""The ten systems of the demo, one file each: numbers only, no results.

The stories are in curves and steps (a curve maps weeks from the last closed week to a level; between its points it is
straight). Nothing downstream knows of them: the generator draws rows, and the pages have to find out.
"""

from readout.demo.systems.contract_review import CONTRACTS
from readout.demo.systems.crm_notes import CRM_NOTES
from readout.demo.systems.data_labelling import LABELLING
from readout.demo.systems.demand_forecasting import FORECASTING
from readout.demo.systems.energy_control import ENERGY
from readout.demo.systems.invoice_extraction import INVOICES
from readout.demo.systems.payment_risk import PAYMENT
from readout.demo.systems.routing_engine import ROUTING
from readout.demo.systems.tier_one_support import TIER_ONE
from readout.demo.systems.transaction_categorisation import TRANSACTIONS

SYSTEMS = (
    ROUTING, TIER_ONE, LABELLING, PAYMENT, CRM_NOTES, TRANSACTIONS, FORECASTING, ENERGY, CONTRACTS, INVOICES
)  # fmt: skip
