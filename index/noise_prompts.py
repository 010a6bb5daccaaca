"""Page noise that asks a reader for something: to listen, agree, subscribe, share, or read on."""

from index.noise import Noise

_SOCIAL = r"(?:Twitter|Facebook|Instagram|LinkedIn|TikTok|WhatsApp|YouTube|Telegram|Threads|Bluesky|X)"

PROMPTS: tuple[Noise, ...] = (
    Noise("separator", r"[|_*=~•·♦#—–.…\-\s]+"),
    Noise("audio player", r"Getting your (?:\w+ ){1,3}(?:audio )?player ready[ .…]*"),
    Noise(
        "audio player",
        r"(?:Listen(?: to this (?:article|story))?|\d+ min(?:ute)?s? (?:read|listen))(?:\s?[\d:·•]+"
        r"(?: min(?:ute)?s?)?)?",
    ),
    Noise("audio player", r"This audio (?:is|was) (?:auto-?|automatically )generated\b.*"),
    Noise("audio player", r"Your browser does not support the (?:audio|video|HTML5)\b.*"),
    Noise("audio player", r"(?:Hit|Press|Click) play\b.{1,60}\b(?:player|podcast|transcript)\b.*"),
    Noise("audio player", r"Prefer to listen\?.*|Listen to this (?:story|article|episode)\b.{0,160}"),
    Noise("audio player", r"[A-Z]{2,5} AUDIO: .{2,200}"),
    Noise("audio player", r"Enjoy more audio and podcasts on\b.{0,80}"),
    Noise("video player", r"(?:JUST|MUST) WATCH(?:ED)?\b.*|\[?VIDEO\]?: .{2,160}[^.]"),
    Noise("video player", r"(?:Watch|See|Hear|Listen to|Scroll|Tap|Swipe) .{2,90} (?:below|above|here):?"),
    Noise(
        "embedded post",
        r"View this (?:post|reel|photo) on [A-Z]\w+|A (?:post|photo|video) shared by .{1,120}\(@.{1,60}",
    ),
    Noise("embedded post", r"(?:Can['’]t|Cannot|Unable to) see (?:the|this) .{2,40}\? .{0,80}"),
    Noise("video player", r"Video Ad Feedback\b.*"),
    Noise("video player", r"(?:NOW PLAYING|Now Playing|Up next|Up Next|Play [Vv]ideo|Replay|Watch [Nn]ow)"),
    Noise("ad survey", r"(?:\d\. )?How relevant (?:is|was) this ad to you\?.*"),
    Noise("ad survey", r"(?:\d\. )?Did you encounter any technical issues\?.*"),
    Noise("ad survey", r"Video player was slow to load content\b.*"),
    Noise(
        "ad survey",
        r"(?:Video|Ad) (?:content )?(?:never|froze or did not) (?:loaded|finish loading)\b.*",
    ),
    Noise(
        "ad survey",
        r"[A-Z]\w{1,20} values your feedback|Ad Feedback|Your effort and contribution in providing "
        r"this feedback\b.*",
    ),
    Noise("advertisement", r"(?i:advertise?ment|sponsored(?: content)?|paid post)\.?"),
    Noise(
        "advertisement",
        r"(?:Story|Article|Content) continues (?:below|after)(?: (?:this )?ad(?:vertisement)?)?\.?"
        r"(?: .{0,60}\bclick here\.?)?",
    ),
    Noise(
        "cookie notice",
        r"(?:We|This (?:web)?site|Our (?:web)?site|Our partners)(?: and our partners)? uses? "
        r"cookies\b.*",
    ),
    Noise(
        "cookie notice",
        r"(?:We and|We value|With your (?:agreement|consent),|Some (?:vendors"
        r"|partners)\b).{0,80}\b(?:partners?|privacy|consent"
        r"|personal data)\b.*",
    ),
    Noise(
        "cookie notice",
        r"(?:MORE OPTIONS|REJECT ALL|ACCEPT ALL|I (?:agree|accept)|Got it|Manage (?:cookies|options))[.!]?",
    ),
    Noise("cookie notice", r"(?i:(?:accept|reject|allow|manage)(?: all)? (?:cookies|preferences|choices))"),
    Noise(
        "cookie notice",
        r"By (?:clicking|continuing|using|signing)\b.{1,160}\byou (?:agree|consent|accept)\b.*",
    ),
    Noise("cookie notice", r"We will use the (?:details|information) you have shared\b.*"),
    Noise("cookie notice", r"If you wish to object to the use of your data\b.*"),
    Noise("cookie notice", r"['‘’]We['’] includes .* brands as detailed here\.?"),
    Noise("newsletter", r"(?:Sign up|Subscribe|Register)(?: (?:now|here|today|for free))?[.!]?"),
    Noise(
        "newsletter",
        r"(?:Sign up|Subscribe)(?: (?:here|now|today))? (?:for|to)\b.{1,120}\b(?:newsletters?|podcast"
        r"|inbox|alerts?|weekly column|channel)\b.*",
    ),
    Noise(
        "newsletter",
        r"(?:Sign up|Subscribe)(?: (?:here|now))? (?:for|to) .{1,80}\b(?:here|now|today)[.!]?",
    ),
    Noise(
        "newsletter",
        r"(?:Get|Want|To get|What['’]s|If your day|There['’]s (?:a lot )?more|Stay|Never miss|Not a "
        r"subscriber|Need help)\b.{0,300}\b(?:(?:[Ss]ign up|[Ss]ubscribe)\b.{0,120}\b(?:newsletters?"
        r"|inbox|news of the day)\b|Sign up here\b).*",
    ),
    Noise(
        "newsletter",
        r"(?:[^\w\s“‘\"'(]+ ?)?(?:[A-Z][A-Z0-9 &'’-]{3,40}|[A-Z][\w ’'&-]{2,40}): ?(?:Get|Sign up"
        r"|Subscribe|Never miss|Don['’]t miss"
        r"|Join|Follow|Click here|Message us)\b.{0,200}\b(?:newsletters?|inbox|alerts?|daily"
        r"|every (?:day|morning|week)"
        r"|[Ss]ign up|digital access|get started|channel)\b.*",
        (":",),
    ),
    Noise(
        "newsletter",
        r"(?:[^\w\s“‘\"'(]+ ?)?(?:Don['’]t|Do not|Tackle|Stay|Find out|How does|Keep refreshing"
        r"|Keep up|If you (?:like|enjoy|love)|Interested in"
        r"|Thanks for|To read more|For more|Want more|We ?['’]?re covering|Pssst"
        r"|Check out)\b.{0,260}\b(?:newsletters?|(?:[Ss]ign(?:ed)? up|[Ss]ubscrib\w+)"
        r" (?:for|to|at|now|here|today)|text message alerts)\b.*",
        ("ewsletter", "ign up", "igned up", "ubscrib", "text message"),
    ),
    Noise(
        "newsletter",
        r"(?:A version|This version|Portions?) of this (?:story|article|column|piece) (?:also "
        r"|first |originally )?appear\w*\b.{1,300}",
    ),
    Noise(
        "newsletter",
        r"(?:Sign up|Subscribe)(?: now| today| here)?\b.{0,120}\b(?:for our subscribers"
        r"|deal-hunting|exclusive deals|daily news)\b.*",
    ),
    Noise(
        "newsletter",
        r"(?:Please enter a valid|Thanks for signing up|Check your inbox|You can unsubscribe"
        r"|No spam|Unsubscribe anytime|Email sent!)\b.{0,120}",
    ),
    Noise(
        "newsletter", r"Join (?:[\d,]+|over|more than|thousands of) .{2,80}\b(?:readers|subscribers)\b.{0,80}"
    ),
    Noise("newsletter", r"Would you like to receive\b.{1,80}\bnewsletter ?\?"),
    Noise("newsletter", r"(?:Get|Want) .{1,160}\b(?:in|to) your inbox\b.{0,80}"),
    Noise(
        "newsletter",
        r"[\w’' \-–,&►]{2,60}: ?(?:Sign up|Subscribe) (?:now|here|for|to)\b.{1,160}",
        ("Sign up", "Subscribe"),
    ),
    Noise(
        "newsletter",
        r"[(►]?(?:You can|Save better).{1,140}\b(?:inbox|newsletter)\b.{0,40}\bSign up here ?\.?\)?",
    ),
    Noise(
        "newsletter",
        r"(?:Editor[’']s [Nn]ote: )?(?:A version of this|This) (?:story|article|column) (?:first "
        r"|originally )?(?:appeared in|is part of)\b.{1,200}\b(?:[Nn]ewsletter|[Ss]ign up"
        r"|dispatch)\b.*",
    ),
    Noise(
        "newsletter",
        r"(?:This is (?:a compilation|the \w+ edition|a weekly)|The \w+ List is|The [\w ]{1,30} "
        r"newsletter provides)\b.{1,200}\b(?:newsletter|daily digest of news)\b.*",
    ),
    Noise(
        "subscription",
        r"(?:Support (?:quality |strong |local |our )*journalism|Thank you for supporting our "
        r"journalism)\b.*",
    ),
    Noise(
        "subscription",
        r"(?:.{0,160}[.!?:] )?(?:For unlimited access|To get unlimited access|To support (?:his"
        r"|her|their|our) (?:work|journalism),?|Please (?:consider"
        r" )?(?:support|subscrib)|Consider (?:supporting|a subscription)|Support (?:important "
        r"|strong |quality |local |our |community |independent )*journalism)\b.*",
        ("unlimited access", "upport", "ubscri"),
    ),
    Noise(
        "subscription",
        r"\[? ?This (?:story|article|coverage|content) is (?:being )?(?:provided|offered"
        r"|made available) (?:for )?free\b.*",
    ),
    Noise(
        "subscription",
        r"(?:[A-Z ]{4,30}: ?)?(?:Click here|Get|Save) .{0,60}\bunlimited (?:digital )?access\b.*",
    ),
    Noise(
        "subscription",
        r"(?:Continue reading|Keep reading|Read the full (?:story|article)|Register to (?:keep"
        r"|continue) reading|You have (?:read|reached)|You['’]ve (?:read|reached)"
        r"|Unlimited access|Cancel at any time|Create (?:my|a free|an) account|Log ?in|Sign in"
        r"|Subscribe for)\b.{0,100}",
    ),
    Noise(
        "subscription",
        r"(?:Already a subscriber\?|Just for subscribers:|These articles are for .{1,40} "
        r"subscribers\b).*",
    ),
    Noise("subscription", r"Consider supporting our journalism\b.*|The Short List is free\b.*"),
    Noise("share", r"(?i:share|tweet|pin|print|e-?mail|copy link|save|comments?|reply|bookmark)"),
    Noise(
        "share",
        rf"(?:Share|Follow|Save) (?:this|us)\b.{{0,60}}(?:{_SOCIAL}\b|article|story|post|page)"
        rf"(?: .{{0,60}})?",
    ),
    Noise("share", r"(?:Like|Join|Find|Follow) us (?:on|at)\b.{1,100}"),
    Noise(
        "share",
        rf"(?:Share|Post|Tweet|Send) (?:on|to|via|by) (?:{_SOCIAL}|[Ee]-?mail)(?:[,/ ]+(?:{_SOCIAL}"
        r"|[Ee]mail|and))*",
    ),
    Noise(
        "share",
        rf"(?:{_SOCIAL}|Email|Print|Pinterest|Reddit)(?:[\s,/|·•]+(?:{_SOCIAL}|Email|Print|Pinterest"
        r"|Reddit|Copy [Ll]ink|Link))+",
    ),
    Noise("share", rf"[–—-]*\s?Follow\b.{{1,100}}\b(?:on|at) (?:{_SOCIAL}\b|https?://|@).*"),
    Noise("share", r"(?:GET|Get) (?:SOCIAL|social|CONNECTED|connected) (?:WITH|with)\b.{1,100}"),
    Noise(
        "share",
        r"(?:[^\w\s“‘\"'(]+ ?)?Follow (?:along|us|our|live|the latest|him|her|them|me"
        r"|@\w+)\b.{0,140}\b(?:updates?|coverage|here|channel|X|Twitter|Facebook|Instagram"
        r"|WhatsApp)\b.{0,60}",
    ),
    Noise("share", r"Follow (?:every game:|live updates here|.{1,60} @\w+\.?$).*"),
    Noise(
        "teaser",
        r"(?i:(?:click here to )?(?:read|see|learn|continue|view|show)(?: on)? (?:more|reading|all"
        r"|full (?:story|article))(?: (?:here|stories|news))?)[:.… ]*",
    ),
    Noise(
        "teaser",
        r"(?i:related(?: (?:stories|content|articles?|coverage|news|topics))?|see also|recommended"
        r"|most read|trending(?: now)?|more (?:stories|from|on this story)|you may also like|latest "
        r"(?:news|stories|headlines)|back to top|skip to (?:main )?content|in this article)[: ]*",
    ),
    Noise(
        "teaser",
        r"(?:[►▶•👉] ?)?(?:More|MORE|More (?:news|coverage|stories|local news)|Read (?:[Mm]ore|on"
        r"|this|next)|READ (?:MORE|ON|NEXT)|Related(?: (?:story|article|video))?"
        r"|RELATED(?: (?:STORY|ARTICLE|VIDEO))?|See [Aa]lso|SEE ALSO|ALSO READ|Also (?:[Rr]ead"
        r"|interesting)|DON['’]T MISS(?: IT)?|Don['’]t miss(?: it)?|Watch|WATCH|Listen|LISTEN"
        r"|IN PICTURES|In pictures|READ|Read|Opinion|OPINION|Analysis|ANALYSIS|Fact check"
        r"|FACT CHECK|Live updates|LIVE UPDATES|(?:Photo )?[Gg]allery|PHOTO GALLERY"
        r"|Photos|PHOTOS|Graphics?|GRAPHICS?|Explainer|EXPLAINER|You (?:may"
        r"|might)(?: also)? (?:like|enjoy)|Must read|MUST READ|Learn more|LEARN MORE|Find out more"
        r"|Dig deeper|Go deeper|For subscribers|FOR SUBSCRIBERS|Subscriber exclusive"
        r"|In case you missed(?: it)?|ICYMI) ?: ?"
        r"(?!.*(?:correct|misstate|(?:previous|earlier) version|https?:))\S(?:.{0,196}[^.\s])?",
    ),
    Noise(
        "teaser",
        r"(?:More|MORE|Read more|READ MORE|Related|RELATED)\b[^.:!?]{0,40}:|Read (?:more|the|his"
        r"|her|their|our)\b.{1,120}\bhere[.:]?(?:.{0,3})",
    ),
    Noise(
        "teaser",
        r"(?:For|Get) (?:the )?(?:latest|most recent|more) .{2,80}\b(?:click here|see our"
        r"|visit our|go to our|here)\b.{0,60}",
    ),
    Noise(
        "teaser",
        r"(?:Take|Try|Test) .{2,60}\bquiz\b.{0,80}\bhere\b.{0,60}|.{0,80}Check your local forecast here\W*",
    ),
    Noise(
        "teaser",
        r"(?:UP NEXT|READ NEXT|Read next|Key (?:events|points|takeaways)|More news to know now"
        r"|Sponsored stories|From the web|Around the web)[:.]?",
    ),
    Noise(
        "page state",
        r"(?:This|It) is a (?:developing|breaking)(?: news)? story\b.{0,160}"
        r"|Check back for updates\.?|This story (?:may|will) be updated\.?",
    ),
    Noise("page state", r".{0,60}\(story continues below\)|(?:Having trouble|Don['’]t have power\?).{0,160}"),
    Noise(
        "page state",
        r"(?:This entry was posted|This entry is filed under|You can follow any responses"
        r"|You can leave a response)\b.*",
    ),
    Noise(
        "page state",
        r"(?:This website|This site|This page) (?:requires|needs) JavaScript\b.*"
        r"|(?:Please )?(?:[Ee]nable|turn on) JavaScript\b.*",
    ),
    Noise(
        "page state",
        r"(?:Find this article at|Print this page|Close (?:this )?window|Best viewed (?:with|in))\b.{0,200}",
    ),
    Noise("page state", r"(?:Last (?:updated|modified)|Page last updated)\b.{0,60}"),
    Noise("teaser", r"More AP\b.{1,80}: ?https?://.*|AP [\w ]{2,30}: ?https?://.*"),
)
"""Kinds of line that go, with what is matched; those of one kind share its name."""
