"""A client for programs in Python: starts, messages, tasks, and workers for jobs. Nothing but the standard library.

client = Client("http://localhost:8080", token="crm_...")
case = client.start("SFA-03", customer="C-1", business_key="Q-1", data={"amount": 12})

worker = Worker(client)


@worker.job("charge", lease_seconds=60)
def charge(job):
    return {"receipt": pay(job.variables["amount"])}


worker.run()
"""

from engine.client.calls import Client as Client
from engine.client.link import Refused as Refused
from engine.client.work import BpmnError as BpmnError
from engine.client.work import Job as Job
from engine.client.work import TryAgain as TryAgain
from engine.client.work import Worker as Worker
