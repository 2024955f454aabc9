"""The repositories of the CRM services, over one connection, made when first asked for."""

from functools import cached_property

import sqlalchemy as sa

from engine.store.articles import Articles
from engine.store.assets import Assets, Events
from engine.store.calls import Calls
from engine.store.campaigns import Campaigns
from engine.store.contacts import Contacts
from engine.store.contracts import Contracts
from engine.store.diary import Diary
from engine.store.leads import Leads
from engine.store.ledger import Ledger
from engine.store.opportunities import Opportunities
from engine.store.orders import Orders
from engine.store.parties import Parties
from engine.store.quotes import Quotes
from engine.store.registrations import Registrations
from engine.store.returns import Returns, Stock
from engine.store.scores import Scores
from engine.store.selling import Commissions, Forecasts, Quotas, Territories
from engine.store.service import Agreements, Onboardings, Surveys, Visits
from engine.store.steering import Journeys, Programmes, Reviews


class Services:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    @cached_property
    def contacts(self) -> Contacts:
        return Contacts(self.connection)

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.connection)

    @cached_property
    def assets(self) -> Assets:
        return Assets(self.connection)

    @cached_property
    def events(self) -> Events:
        return Events(self.connection)

    @cached_property
    def scores(self) -> Scores:
        return Scores(self.connection)

    @cached_property
    def contracts(self) -> Contracts:
        return Contracts(self.connection)

    @cached_property
    def opportunities(self) -> Opportunities:
        return Opportunities(self.connection)

    @cached_property
    def quotes(self) -> Quotes:
        return Quotes(self.connection)

    @cached_property
    def orders(self) -> Orders:
        return Orders(self.connection)

    @cached_property
    def parties(self) -> Parties:
        return Parties(self.connection)

    @cached_property
    def diary(self) -> Diary:
        return Diary(self.connection)

    @cached_property
    def calls(self) -> Calls:
        return Calls(self.connection)

    @cached_property
    def programmes(self) -> Programmes:
        return Programmes(self.connection)

    @cached_property
    def journeys(self) -> Journeys:
        return Journeys(self.connection)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.connection)

    @cached_property
    def registrations(self) -> Registrations:
        return Registrations(self.connection)

    @cached_property
    def territories(self) -> Territories:
        return Territories(self.connection)

    @cached_property
    def quotas(self) -> Quotas:
        return Quotas(self.connection)

    @cached_property
    def forecasts(self) -> Forecasts:
        return Forecasts(self.connection)

    @cached_property
    def commissions(self) -> Commissions:
        return Commissions(self.connection)

    @cached_property
    def leads(self) -> Leads:
        return Leads(self.connection)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    @cached_property
    def returns(self) -> Returns:
        return Returns(self.connection)

    @cached_property
    def stock(self) -> Stock:
        return Stock(self.connection)

    @cached_property
    def agreements(self) -> Agreements:
        return Agreements(self.connection)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self.connection)

    @cached_property
    def surveys(self) -> Surveys:
        return Surveys(self.connection)

    @cached_property
    def onboardings(self) -> Onboardings:
        return Onboardings(self.connection)

    @cached_property
    def articles(self) -> Articles:
        return Articles(self.connection)
