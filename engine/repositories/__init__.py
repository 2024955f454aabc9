"""One repository for each aggregate, as floors 4 to 6 see it. They live on a transaction, see engine/ports.py."""

from engine.repositories.attachments import Attachments as Attachments
from engine.repositories.calendars import Calendars as Calendars
from engine.repositories.cases import Facts as Facts
from engine.repositories.cases import Instances as Instances
from engine.repositories.cases import Lists as Lists
from engine.repositories.cases import Resolutions as Resolutions
from engine.repositories.cases import Steps as Steps
from engine.repositories.catalogue import Processes as Processes
from engine.repositories.catalogue import Programs as Programs
from engine.repositories.catalogue import Variants as Variants
from engine.repositories.desk import Feedbacks as Feedbacks
from engine.repositories.desk import Phrases as Phrases
from engine.repositories.people import Absences as Absences
from engine.repositories.people import Changes as Changes
from engine.repositories.people import Customers as Customers
from engine.repositories.people import Filters as Filters
from engine.repositories.people import Groups as Groups
from engine.repositories.people import Notices as Notices
from engine.repositories.people import People as People
from engine.repositories.people import Repeats as Repeats
from engine.repositories.waits import Due as Due
from engine.repositories.waits import Items as Items
from engine.repositories.waits import Jobs as Jobs
from engine.repositories.waits import Messages as Messages
from engine.repositories.waits import Waits as Waits
from engine.repositories.watch import Watch as Watch


class Stale(Exception):
    """Another transaction changed what this one had read. The unit of work is undone; run the use case again."""
