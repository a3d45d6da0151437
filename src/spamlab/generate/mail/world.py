"""The invented internet that mail passes: networks, mailbox providers, receivers, services, software.

Names are reserved (RFC 2606), addresses are for documentation (RFC 5737, RFC 3849), AS numbers too (RFC 5398). All
networks carry wanted mail and spam, so no address tells a label.
"""

from __future__ import annotations

from dataclasses import dataclass

BLOCKS = ("192.0.2", "198.51.100", "203.0.113")
"""The three ranges of RFC 5737; each is cut into eight networks of 32 addresses."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its holder, domain, AS number, first addresses, how its reverse names look, and its clocks' zone.

    block: the first three octets; first: the lowest fourth octet, of 32. v6: the first two groups and a third of its
    own. host: reverse name with {dashed} for the address. zone: minutes from UTC.
    """

    name: str
    domain: str
    asn: int
    block: str
    first: int
    v6: str
    host: str
    zone: int

    def v4(self, place: int) -> str:
        """Address `place`, 0 to 31."""
        return f"{self.block}.{self.first + place}"

    def reverse(self, address: str) -> str:
        """The name that the network's DNS gives an address."""
        dashed = address.replace("::", "-").replace(":", "-").replace(".", "-")
        return f"{self.host.replace('{dashed}', dashed)}.{self.domain}"


def _network(number: int, name: str, domain: str, host: str, zone: int) -> Network:
    asn = 64496 + number if number < 16 else 65536 + number - 16
    return Network(name, domain, asn, BLOCKS[number % 3], number // 3 * 32, f"2001:db8:{0x20 + 17 * number:x}", host,
                   zone)


ACCESS = tuple(_network(number, *row) for number, row in enumerate((
    ("Lakeside Telecom", "lakeside-telecom.example", "dsl-{dashed}", 180),
    ("Riverbend Broadband", "riverbend-net.example", "cust-{dashed}", 60),
    ("Pinewood Online", "pinewood-online.example", "pool-{dashed}", -300),
    ("Monsoon Networks", "monsoon-networks.example", "static-{dashed}", 330),
    ("Coral Coast Cable", "coralcable.example", "{dashed}.cable", 600),
    ("Andes Fibra", "andes-fibra.example", "{dashed}.dyn", -300),
    ("Sahel Mobile Data", "sahel-mobile.example", "gprs-{dashed}", 0),
    ("Baltic Link", "balticlink.example", "host-{dashed}", 120),
    ("Mekong Net", "mekong-net.example", "adsl-{dashed}", 420),
    ("Prairie Wireless", "prairie-wireless.example", "{dashed}.nat", -360),
)))
"""Networks that serve homes and offices."""
HOSTING = tuple(_network(10 + number, *row) for number, row in enumerate((
    ("Copperhill Hosting", "copperhill-hosting.example", "vps-{dashed}", 60),
    ("Savanna Cloud", "savanna-cloud.example", "{dashed}.compute", 120),
    ("Stonegate Servers", "stonegate-servers.example", "srv-{dashed}", 0),
    ("Highveld Datacentre", "highveld-dc.example", "node-{dashed}", 120),
    ("Nordkap Compute", "nordkap-compute.example", "c{dashed}.vm", 60),
    ("Pacific Racks", "pacific-racks.example", "{dashed}.rack", -480),
    ("Delta Colocation", "deltacolo.example", "box-{dashed}", -180),
    ("Silk Road Servers", "silkroad-servers.example", "s-{dashed}", 480),
)))
"""Networks that rent servers out."""
PROVIDING = tuple(_network(18 + number, *row) for number, row in enumerate((
    ("Post and Parcel Mail", "mailhaven-net.example", "out-{dashed}", 0),
    ("Bluebox Internet", "bluebox-net.example", "mta-{dashed}", -480),
    ("Sendmill Delivery", "sendmill-net.example", "o{dashed}", -360),
)))
"""Networks of mailbox providers and of services that send for others."""
RECEIVING = tuple(_network(21 + number, *row) for number, row in enumerate((
    ("Harbor Net", "harbor-net.example", "mx-{dashed}", 180),
    ("Commons Exchange", "commons-ix.example", "h{dashed}", 0),
    ("Union Carrier", "union-carrier.example", "ip-{dashed}", -300),
)))
"""Networks in which the receivers' servers stand."""
NETWORKS = (*ACCESS, *HOSTING, *PROVIDING, *RECEIVING)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of mailboxes. domains: of the mailboxes. hosts: prefix of its sending hosts. ident: form of its
    Message-IDs. selector: of its DKIM key. mailer: what its webmail says of itself, "" for nothing."""

    domains: tuple[str, ...]
    hosts: str
    network: Network
    ident: str
    selector: str
    mailer: str
    policy: str


PROVIDERS = (
    Provider(("mailhaven.example",), "out", PROVIDING[0], "hex", "mh2", "", "none"),
    Provider(("inboxly.example", "inboxly.test"), "mail-ej1-f", PROVIDING[1], "caplus", "20240113", "", "none"),
    Provider(("bluepost.example",), "sonic", PROVIDING[1], "number", "s2048", "Bluepost WebService/1.1.23", "reject"),
    Provider(("kestrelmail.example",), "smtp", PROVIDING[0], "name", "k1", "Kestrel Webmail 4.2", "quarantine"),
    Provider(("openletter.test",), "mout", PROVIDING[0], "hex", "ol-2025", "Openletter Web 9", "none"),
    Provider(("postdrop.example",), "relay", PROVIDING[1], "uuid", "pd1", "", "quarantine"),
    Provider(("riverbend-mail.example",), "smtp-out", ACCESS[1], "number", "default", "", "none"),
    Provider(("lakeside-mail.example",), "mx-out", ACCESS[0], "hex", "mail", "Lakeside Webmail (Horizon 6)", "none"),
)
"""Providers where persons, and those who pass for persons, have their mailboxes."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives: its mail domain, border and inner hosts, software, and where its servers stand.

    authserv_id: how it names itself in results (RFC 8601 section 2.5). place: of its first address in its network.
    """

    domain: str
    border: tuple[str, ...]
    inner: tuple[str, ...]
    authserv_id: str
    style: str
    network: Network
    place: int
    zone: int


def _receiver(number: int, domain: str, border: str, inner: str, style: str, zone: int, authserv_id: str,
              ) -> Receiver:
    hosts = tuple(f"{name}.{domain}" for name in border.split())
    return Receiver(domain, hosts, tuple(f"{name}.{domain}" for name in inner.split()), authserv_id or hosts[0], style,
                    RECEIVING[number % 3], 2 + number // 3 * 4, zone)


_Row = tuple[str, str, str, str, int, str]
_RECEIVER_ROWS: tuple[_Row, ...] = (
    ("harbornet.example", "mx1 mx2", "filter1 store1", "postfix", 180, "mx.harbornet.example"),
    ("willowtown.example", "mail", "", "exim", 0, ""),
    ("stlukes-college.example", "mxa mxb", "scan store", "postfix", 0, ""),
    ("ministry-of-posts.example", "gate1 gate2", "scan1 hub mbox2", "sendmail", 180, ""),
    ("redwood-insurance.example", "mx0 mx1", "av1 exch01", "outlook", -300, "redwood-insurance.example"),
    ("tallinn-timber.example", "mail", "imap", "postfix", 120, ""),
    ("orchard-clinic.example", "mx", "", "postfix", 60, ""),
    ("summit-logistics.example", "in1 in2 in3", "core1", "outlook", -480, "summit-logistics.example"),
    ("kwale-cooperative.example", "mail", "", "exim", 180, "kwale-cooperative.example"),
    ("opal-energy.example", "mx10 mx20", "spamgw box7", "sendmail", 600, ""),
    ("perennial-press.test", "mx", "store", "postfix", -300, ""),
    ("nile-delta-telecom.example", "mx1 mx2 mx3 mx4", "filter3 store9", "postfix", 120,
     "mx.nile-delta-telecom.example"),
)
RECEIVERS = tuple(_receiver(number, *row) for number, row in enumerate(_RECEIVER_ROWS))
"""Receivers: firms, a college, a clinic, operators. A record is what one of their mailboxes got."""

SERVICES = ("bulkpost.example", "letterwave.example", "mailfleet.example", "sendmill.example",
            "post-office-api.example", "campaignbird.example")
"""Services that send bulk mail for their customers."""
FORWARDERS = ("alumni-post.example", "lifelong-mail.example", "teachers-union.example", "clubmail.example")
"""Honest services that pass mail on to another mailbox."""
LIST_HOSTS = ("lists.openworkshop.example", "lists.freecode.example", "groups.townsquare.example",
              "mailman.hillcollege.example", "lists.communitynet.test")
"""Hosts of mailing lists."""
LIST_NAMES = ("talk", "users", "dev", "announce", "neighbours", "discuss", "members", "help", "general", "readers")

def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words("""
    alder amber anchor apex arbor aspen atlas aurora bay beacon birch blue bright brook cedar cirrus clear cliff
    copper coral crest crown dale delta east ember evergreen fair falcon fern field first forge fox garnet global
    gold granite green harbour haven hazel hill horizon indigo iron ivory jade juniper keystone lake lark laurel
    linden lotus lunar magnolia maple marble meadow metro mill mint moon nova oak ocean olive onyx opal orchid palm
    pearl pine pioneer plum polar prime quarry quartz quick rapid raven reed ridge river rock rose royal ruby sage
    sand sierra silver sky smart south spring star sterling stone summit sun swift terra thistle tidal timber true
    union urban vale velvet vista walnut water west willow wind winter wood zen zenith
""")
SECOND = _words("""
    analytics advisors air assist bank bikes books builders capital care center choice city clinic cloud consult
    core craft credit data deals design direct drive energy express farm finance foods freight gallery garden gifts
    group guide health holdings homes hotel house inc industries info insurance jobs kitchen labs land law learning
    legal life line link loans logistics mail market media mobile motors net network news office online optics
    outlet parcel partners pay pharma plus point post power press print pro property realty rewards savings school
    secure services shop shoes solar solutions source sports store studio supply support systems tech telecom
    tickets tools trade training transport travel trust update ventures water web wines works world
""")
"""Words of which domains are made: an honest firm's and a throw-away name look the same."""

GIVEN = _words("""
    aaron abdul abigail adaeze adam adele adrian aidan aisha ajay akira alan alejandro alena alexander alice alicia
    alison amanda amara amelia amina amir amit amy ana anders andrea andrew angela anika anita anna anne anthony
    anton antonia anwar arjun arthur asha ashley astrid audrey ayesha ayo barbara beatriz becky ben benedict bernard
    beth bianca bilal blessing bogdan brandon brenda brian bridget bruno caitlin callum camila cara carla carlos
    carmen caroline catherine cecilia charles charlotte chiamaka chidi chloe chris christina ciara claire clara
    colin connor craig curtis cynthia daisuke dale damian dan daniel daniela darren david dawn deborah declan deepa
    denise derek desmond diana diego dimitri dina dominic donna dorothy duncan ebony edith edward efe eileen elaine
    elena eleni elizabeth ella ellen elsa emeka emily emma eric erin esther ethan eva evelyn farah farid fatima fay
    felix femi fernando fiona florence frances francis frank freya gabriel gareth gary gavin gemma george georgia
    gerald giulia glen gloria grace graham grant greg gwen habib hamza hana hannah harold harriet harry hassan hazel
    heather heidi helen helena henry hiroshi holly howard hugo ian ibrahim imani imran ines ingrid irene iris isaac
    isabel isla ivan ivy jack jacob jade jamal james jamie jan jane janet jasmine jason javier jay jean jeff
    jennifer jeremy jess jill jim joan joanna joe joel john jonas jonathan jordan jorge joseph josh joyce juan
    judith julia julian julie june kai kamal kareem karen karin kate katherine kathleen kavita keiko keith kelly ken
    kerry kevin khadija kieran kim kofi krista kwame kyle lakshmi lara larry laura lauren layla leah lee leila leon
    leonard lewis liam lila lin linda lisa liz lorna louis louise lucas lucia lucy luis luke lydia lynn maeve magda
    malcolm malik manuel marco marcus margaret maria marie marina mario mark marta martin mary mateo matt maureen
    maya megan mei melanie melissa mercy michael miguel mike min miriam mohammed moira molly monica morag moses
    nadia naomi natalie natasha nathan neha neil ngozi niall nicola nicole nigel nikhil nina noah nora norman obinna
    olga oliver olivia omar orla oscar owen pablo pamela parisa patience patricia patrick paul paula pedro penny
    peter petra phil philippa piotr pooja precious priya rachel rafael rahul raj ralph ravi ray rebecca reza rhys
    ricardo richard rita rob robin roger rohan ron rosa rosie ross roy rukhsana ruth ryan sabina sadia sally sam
    samira samuel sandra sanjay sarah sasha scott sean sergio shannon sharon shauna sheila shreya silvia simon
    sinead siobhan sofia sonia stacey stan stefan stella stephen steve stuart sue sunita susan suzanne sven tamara
    tanya tara tariq tendai teresa terry tessa thabo theo thomas tim tina toby tom toni tracy trevor tunde uma usha
    valerie vanessa vera veronica vicky victor vijay vincent virginia vivian walter wanda wei wendy will winston
    xavier yasmin yemi yuki yusuf yvonne zainab zara zoe zoltan
""")
FAMILY = _words("""
    abebe adams ahmed allen baker banda bell brown campbell carter chen clark cole cook costa davies diallo diaz
    edwards evans eze fofana ford garcia gray green gupta haddad hall harris hill hughes ibrahim jackson jallow
    james johnson jones kamau kaur kelly khan kim king kumar lee lewis lopez martin mensah miller moore morgan
    morris murphy nguyen nowak nyambe okoro patel perera petrov phillips quispe rahman reed roberts robinson rossi
    sato scott shah silva singh smith tanaka taylor tesfaye thomas turner usman vargas walker wang ward were white
    williams wilson wood wright young zulu
""")
"""Names of those who receive, and of senders whose texts give none; the first names are those of the English texts."""

SERVICE_NAMES = ("no-reply", "noreply", "info", "service", "news", "support", "notice", "hello", "team", "alerts",
                 "accounts", "billing", "admin", "office", "contact", "mailer", "notifications", "customer.service")
ROLES = ("info", "sales", "office", "admin", "accounts", "hr", "contact", "support", "enquiries", "it")
"""Mailboxes of a firm: those that machines write from, and those that the public writes to."""

MAILERS = (
    ("", "hexhost"), ("", "caplus"), ("Larkspur 115.9.0", "uuid"), ("Larkspur 102.4.2", "uuid"),
    ("Officepost 16.0", "outlook"), ("Officepost 15.0", "outlook"), ("Pebble Mail (20G165)", "capuuid"),
    ("Pebble Mail (2.3774.600.62)", "capuuid"), ("Muddle 2.2.12", "dated"), ("Bat and Ball 9.4.2", "number"),
    ("Courier Desk 8.1", "dollar"), ("Horizon Webmail 6.2.27", "hexhost"), ("Roundabout Webmail/1.6.5", "hexhost"),
)
"""Programs of persons and offices, all invented: (what they call themselves, form of their Message-IDs)."""
MACHINES = (
    ("", "hexhost"), ("", "number"), ("Postwright 6.9.1", "hexhost"),
    ("Formpost 6.8.0 (https://formpost.example)", "hexhost"),
    ("Bulkpost API v3", "uuid"), ("Letterwave 12", "dated"), ("Nightingale CRM 2024.2", "number"),
    ("Kite Mailer 1.73", "dollar"),
)
"""Programs by which machines write, as `MAILERS`."""
SELECTORS = ("default", "mail", "s1", "s2", "k1", "selector1", "dkim", "key2025", "x2026", "smtp")
