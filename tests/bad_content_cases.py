"""Bad content that an editor can write, each case with the only finding that the content check reports."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from PIL import ExifTags, Image

if TYPE_CHECKING:
    from pathlib import Path

STORY: Final = "docs/case-studies/violence-within-a-family.md"
CONTACT: Final = "docs/contact.md"
QUESTIONS: Final = "docs/questions.md"
_LAST: Final = "    /faq/*: /questions/\n"


def photo(*, gps: bool = False, xmp: bool = False, noise: bool = False) -> bytes:
    """Return a JPEG, on request with a location in EXIF or XMP, or with noise, which makes it large."""
    written = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "A camera"
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    picture = Image.effect_noise((900, 600), 40).convert("RGB") if noise else Image.new("RGB", (900, 600), "teal")
    place = b'<rdf:Description exif:GPSLatitude="51,16.6N"/>' if xmp else b""
    picture.save(written, "JPEG", exif=exif, xmp=place)
    return written.getvalue()


def pdf(*, title: str = "For volunteers", language: str = "en-GB", filling: int = 0) -> bytes:
    """Return a PDF with a title and a language, and with bytes of no use that make it large."""
    made = FPDF()
    made.add_page()
    if title:
        made.set_title(title)
    if language:
        made.set_lang(language)
    return bytes(made.output()) + bytes(filling)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadContent:
    """One change of a file, and the sentence of the finding that it causes."""

    file: str
    old: str = ""
    new: str | bytes = ""
    path: str = ""
    """The file that the finding names, if it is another one."""
    at: str = ""
    """Text that begins on the line that the finding names, once the change is written."""
    message: str = ""

    def apply(self, project: Path) -> None:
        """Write the change into a project."""
        path = project / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(self.new, bytes):
            path.write_bytes(self.new)
        elif self.old:
            text = path.read_text(encoding="utf-8")
            assert self.old in text
            path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
        else:
            path.write_text(self.new, encoding="utf-8")

    def finding(self, project: Path) -> str:
        """Return the finding as the content check prints it for the changed project."""
        path = self.path or self.file
        if not self.at:
            return f"{path}: {self.message}"
        text = (project / path).read_text(encoding="utf-8")
        return f"{path}, line {text[: text.index(self.at)].count(chr(10)) + 1}: {self.message}"


BAD_CONTENT: Final = {
    "a number that costs more": BadContent(
        file="service.yml",
        old="phone: 0800 783 1583",
        new="phone: 0900 783 1583",
        at="    phone:",
        message="a call to “0900 783 1583” costs more than one to a landline. Write one with 01, 02, 03, 07, 0800 or 0808 in front.",
    ),
    "a number of somebody else that costs more": BadContent(
        file="service.yml",
        old="phone: 01245 291621",
        new="phone: 118 118",
        at="      phone: 118",
        path="service.yml",
        message="a call to “118 118” costs more than one to a landline. Write one with 01, 02, 03, 07, 0800 or 0808 in front.",
    ),
    "a telephone number that stands twice": BadContent(
        file="service.yml",
        old="phone: 0800 783 1583",
        new="phone: 0800 783 1583\n    phone: 0800 783 1584",
        at="phone: 0800 783 1584",
        message="“phone” stands here twice, and only the last counts. Take one out.",
    ),
    "an inbox somewhere else": BadContent(
        file="service.yml",
        old="public_email: null",
        new="public_email: help@restorativesolutions.org.uk.example",
        at="    public_email:",
        message="“help@restorativesolutions.org.uk.example” does not end with @restorativesolutions.org.uk, as the service’s addresses do. Put it back, or ask somebody technical.",
    ),
    "an exit that is a script": BadContent(
        file="service.yml",
        old="exit_to: https://www.bbc.co.uk/weather",
        new="exit_to: javascript:alert(1)",
        at="  exit_to:",
        message="“javascript:alert(1)” is not where “Exit this page” can lead. Write a website with https:// in front.",
    ),
    "a way back that is a script": BadContent(
        file="docs/refer/myself.md",
        old="back: refer/",
        new="back: javascript:alert(1)",
        at="back:",
        message="“back” is not one that there is. Put it back.",
    ),
    "a title that is missing": BadContent(
        file=CONTACT,
        old="title: Contact us\n",
        at="---",
        message="“title” is missing. Add a line: title: and your words",
    ),
    "a word above the page that is misspelt": BadContent(
        file=CONTACT,
        old="last_reviewed:",
        new="last_revewed: no\nlast_reviewed:",
        at="last_revewed:",
        message="“last_revewed” is not one of the words that a page can have here. Did you mean “last_reviewed”?",
    ),
    "a description that is too long": BadContent(
        file=CONTACT,
        old="what happens next.",
        new="what happens next. " + "And more. " * 10,
        at="description:",
        message="the description has 199 characters. Shorten it to 160.",
    ),
    "a colon without quotes": BadContent(
        file=CONTACT,
        old="title: Contact us",
        new="title: Contact us: how",
        at="title: Contact",
        message='this line cannot be read. If the words have a colon in them, put "quotes" around all of them.',
    ),
    "no lines above the words": BadContent(
        file=CONTACT,
        old="---\ntitle",
        new="title",
        at="title: Contact",
        message="the lines above the words are missing. Begin the file with a line ---, then title, description and last_reviewed, then a line ---.",
    ),
    "a day that is none": BadContent(
        file=CONTACT,
        old="2026-11-23",
        new="23 November",
        at="last_reviewed:",
        message="“23 November” is not a day. Write it as year, month, day, such as 2026-11-23.",
    ),
    "a day to come": BadContent(
        file=CONTACT,
        old="2026-11-23",
        new="2027-01-01",
        at="last_reviewed:",
        message="2027-01-01 has not come yet. Write the day on which the page was last read.",
    ),
    "a kind of offence that is none": BadContent(
        file=STORY,
        old="offence: Violence",
        new="offence: Assault",
        at="offence: Assault",
        message="“Assault” is not one of the choices. Write one of: “A death: murder, manslaughter”, “Driving, including a death on the road”, “Violence”, “Burglary”, “Robbery”, “Theft”, “Criminal damage”, “Fraud”, “Hate crime”, “Harassment”, “Public order”, “Antisocial behaviour”, “Another kind”.",
    ),
    "a title that another page has": BadContent(
        file=CONTACT,
        old="title: Contact us",
        new="title: Search",
        path="docs/search.md",
        at="title: Search",
        message="docs/contact.md has the same title. Give each page its own.",
    ),
    "a link to a page that is not there": BadContent(
        file=CONTACT,
        old="(refer/index.md)",
        new="(refer/online.md)",
        at="If you do not",
        message="the link refer/online.md leads to a page that is not there. Choose another, or take the link out.",
    ),
    "a link to a page in another folder": BadContent(
        file=CONTACT,
        old="(refer/index.md)",
        new="(myself.md)",
        at="If you do not",
        message="the link myself.md leads to a page that is not there. Did you mean refer/myself.md?",
    ),
    "a link to a heading that is not there": BadContent(
        file="docs/about/index.md",
        old="#who-will-know",
        new="#who-knows",
        at="Read [what confidential",
        message="docs/questions.md has no heading for #who-knows. Take the part from # on out, or look the heading up.",
    ),
    "a link with a slash in front": BadContent(
        file=CONTACT,
        old="(refer/index.md)",
        new="(/refer/)",
        at="If you do not",
        message="the link /refer/ leads to a page that is not there. Did you mean /refer/index.md?",
    ),
    "a link that is not encrypted": BadContent(
        file="docs/harmed/index.md",
        old="https://www.victim",
        new="http://www.victim",
        at="[Victim Support](http://www.victimsupport.org.uk/)",
        message="http://www.victimsupport.org.uk/ is not encrypted. Write https:// and see that it opens.",
    ),
    "a link that is not finished": BadContent(
        file=CONTACT,
        old="(refer/index.md)",
        new="(refer/index.md",
        at="If you do not",
        message="a link is not finished. Write [words](page.md), with no blank between ] and ( or in the address.",
    ),
    "a picture with a blank in its name": BadContent(
        file=STORY,
        old="## Afterwards",
        new="![A bridge](/assets/my bridge.jpg)\n\n## Afterwards",
        at="![A bridge](/assets/my",
        message="the link /assets/my bridge.jpg leads to a file that is not there. Choose another, or take the link out.",
    ),
    "a heading that skips a level": BadContent(
        file=CONTACT,
        old="## Can I email?",
        new="#### Can I email?",
        at="#### Can I email?",
        message="the heading skips a level. Write ### instead of ####.",
    ),
    "a second main heading": BadContent(
        file=CONTACT,
        old="## Can I email?",
        new="# Can I email?",
        at="# Can I email?",
        message="the page has its main heading already. Write ## instead of #.",
    ),
    "a picture without words": BadContent(
        file=STORY,
        old="## Afterwards",
        new="![](../assets/easy-read/talk.svg)\n\n## Afterwards",
        at="![](../assets/easy-read/talk.svg)",
        message="the picture ../assets/easy-read/talk.svg has no description. Say between the [ ] what it shows.",
    ),
    "a picture with its file name for words": BadContent(
        file=STORY,
        old="## Afterwards",
        new="![talk.svg](../assets/easy-read/talk.svg)\n\n## Afterwards",
        at="![talk.svg](../assets/easy-read/talk.svg)",
        message="“talk.svg” is a file name, not a description. Say between the [ ] what the picture shows.",
    ),
    "a photo that says where it was taken": BadContent(
        file="docs/assets/pictures/bridge.jpg",
        new=photo(gps=True),
        message="this photo says where it was taken. Take a screenshot of it and use that, or remove its location (Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info).",
    ),
    "a photo that no browser shows": BadContent(
        file="docs/assets/pictures/bridge.heic",
        new=b"heic",
        message=".heic files have no place here. Save the picture as JPEG or PNG, and use that.",
    ),
    "a photo that is broken": BadContent(
        file="docs/assets/pictures/bridge.jpg",
        new=photo()[:50],
        message="this is not a picture that can be read. Save it again as JPEG or PNG.",
    ),
    "a photo that is too heavy": BadContent(
        file="docs/assets/pictures/bridge.jpg",
        new=photo() + bytes(6_000_000),
        message="this file has 6 MB. Save the picture smaller: 2,000 pixels are enough.",
    ),
    "a full name in an anonymous story": BadContent(
        file=STORY,
        old="M says more",
        new="Sarah Jones says more",
        at="Sarah Jones says",
        message="“Sarah Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Allowed names”.",
    ),
    "a surname in an anonymous story": BadContent(
        file=STORY,
        old="M says more",
        new="Mr Jones says more",
        at="Mr Jones says",
        message="“Mr Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Allowed names”.",
    ),
    "a full name in a summary": BadContent(
        file=STORY,
        old="summary: A couple",
        new="summary: Will Jones and a couple",
        at="summary: Will",
        message="“Will Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Allowed names”.",
    ),
    "somebody’s own telephone number": BadContent(
        file=CONTACT,
        old="It is free.",
        new="It is free. Or 07700 900123.",
        at="lead: Call",
        message="07700 900123 is not a number of the service. Write {{phone}} for ours, or beside another organisation’s the name of it; a person’s own never stands here.",
    ),
    "an old telephone number": BadContent(
        file=CONTACT,
        old="lead: Call {{phone}}",
        new="lead: Call 0800 783 1584",
        at="lead: Call",
        message="0800 783 1584 is not a number of the service. Write {{phone}} for ours, or beside another organisation’s the name of it; a person’s own never stands here.",
    ),
    "somebody’s own address": BadContent(
        file=CONTACT,
        old="[{{email}}]",
        new="[sarah.jones@kent.example]",
        at="If you work for",
        message="sarah.jones@kent.example is not the service’s address. Write {{email}} for ours, or beside another organisation’s the name of it; a person’s own never stands here.",
    ),
    "another name for the service": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We are the Restorative Justice Service for Kent and Medway.",
        at="We are the Restorative",
        message="“Restorative Justice Service for Kent and Medway” is not the name of the service. "
        "Write “Restorative Justice Service for Kent & Medway”.",
    ),
    "a promise that nobody made": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We call you within two working days.",
        at="We call you within",
        message="“within two” days is not what is agreed: "
        "the service has promised no number of days yet. Change it, or take it out.",
    ),
    "a mark that nothing fills in": BadContent(
        file=CONTACT,
        old="[{{email}}]",
        new="[{{inbox}}]",
        at="If you work for",
        message="nothing fills in {{inbox}}. Write {{area}}, {{email}}, {{name}}, {{phone}}, {{relay_uk}} or {{website}}, without blanks.",
    ),
    "a word that we do not use": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We listen to perpetrators.",
        at="We listen to",
        message="we do not use “perpetrators”. Write “person who caused harm”, or “offender”.",
    ),
    "a link that says nothing": BadContent(
        file=CONTACT,
        old="[a referral form]",
        new="[click here]",
        at="If you do not",
        message="we do not use “click here”. Let the link say where it leads, such as “how to refer”.",
    ),
    "a word that is misspelt": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We recieve.",
        at="We recieve.",
        message="“recieve” is misspelt. Did you mean “receive”?",
    ),
    "a style of its own": BadContent(
        file=QUESTIONS,
        old="We listen.",
        new='<p style="color: red">We listen.</p>',
        at='<p style="color:',
        message="the line holds a “style=” of its own, which browsers are told to ignore here. Take it out.",
    ),
    "a film from elsewhere": BadContent(
        file=QUESTIONS,
        old="We listen.",
        new='<iframe src="https://video.example/"></iframe>',
        at='<iframe src="https://video.example/"></iframe>',
        message="the line holds a part that this website does not use. Take it out.",
    ),
    "a block that is never closed": BadContent(
        file=QUESTIONS,
        old="The service is",
        new="<figure>\n\nThe service is",
        at="<figure>",
        message="<figure> is never closed. Put back </figure> where the part ends.",
    ),
    "a form without its place": BadContent(
        file="docs/refer/myself.md",
        old="template: form.html\n",
        at="---",
        message="the form needs the line “template: form.html”. Put it back.",
    ),
    "a form on a page of its own": BadContent(
        file=QUESTIONS,
        old="last_reviewed: 2026-11-23\n",
        new="last_reviewed: 2026-11-23\ntemplate: form.html\n",
        at="template: form.html",
        message="a form can stand on its own page only. Take the line out.",
    ),
    "a box on a page of plain words": BadContent(
        file=CONTACT,
        old="We listen.",
        new='We listen.\n\n!!! note "Please note"\n\n    We also write.',
        at="!!! note",
        message='“!!! note "Please note"” has no place on this page: what is special about it stands in the boxes above the words. Take it out.',
    ),
    "a button that leads nowhere": BadContent(
        file="docs/index.md",
        old="to: harmed/",
        new="to: harm/",
        at="to: harm/",
        message="harm/ is no page of this website. Write its address, such as refer/myself/.",
    ),
    "a door without its words": BadContent(
        file="docs/index.md",
        old="    words: What others did.\n",
        at="doors:",
        message="each entry of “doors” has its title and to and words, in words. Put back what is missing.",
    ),
    "a word that nothing fills in above the page": BadContent(
        file=CONTACT,
        old="lead: Call {{phone}}",
        new="lead: Call {{telephone}}",
        at="lead: Call",
        message="nothing fills in {{telephone}}. Write {{area}}, {{email}}, {{name}}, {{phone}}, {{relay_uk}} or {{website}}, without blanks.",
    ),
    "a criterion that was changed by hand": BadContent(
        file="docs/refer/index.md",
        old="18 or over",
        new="16 or over",
        at="<!-- from the",
        message="the part below “<!-- from the code: criteria -->” is written by the program, and was changed. Undo that; if the rule itself is new, somebody technical runs: make content REFRESH=yes",
    ),
    "no telephone number": BadContent(
        file="service.yml",
        old="phone: 0800 783 1583",
        new="phone: null",
        at="phone: null",
        message="“phone” is empty. Fill it in: every page uses it.",
    ),
    "no inbox": BadContent(
        file="service.yml",
        old="    email: rjkent@restorativesolutions.org.uk.cjsm.net",
        new='    email: ""',
        at='email: ""',
        message="“email” is empty. Fill it in: every page uses it.",
    ),
    "a part of the service that is gone": BadContent(
        file="service.yml",
        old="  service:\n",
        new="  services:\n",
        at="# Everything",
        message="this file cannot be read from here on. Undo the last change to it.",
    ),
    "a telephone number that is none": BadContent(
        file="service.yml",
        old="phone: 0800 783 1583",
        new="phone: 783 1583",
        at="phone: 783 1583",
        message="“783 1583” is not a telephone number. Write it with its 0, such as “0808 157 0000”.",
    ),
    "an area that is not that of the criteria": BadContent(
        file="service.yml",
        old="area: Kent & Medway",
        new="area: Kent",
        at="area: Kent",
        message="“area” is not that of the criteria, “Kent & Medway”. Put it back, or ask somebody technical.",
    ),
    "a first page without its heading": BadContent(
        file="docs/index.md",
        old="heading: After a crime, a chance to be heard\n",
        at="---",
        message="“heading” is missing. Add a line: heading: and your words",
    ),
    "an old address that is gone": BadContent(
        file="service.yml",
        old="    /faq/*: /questions/\n",
        at="redirects:",
        message="the old address /faq/* has to keep working. Put it back, and choose a page for it.",
    ),
    "an old address that leads nowhere": BadContent(
        file="service.yml",
        old="/about: /about/",
        new="/about: /us/",
        at="/about: /us/",
        message="the old address /about leads to /us/, which is not there. Choose another page for it.",
    ),
    "a service elsewhere that nobody dated": BadContent(
        file="service.yml",
        old='who: for Essex\n      phone: 01245 291621\n      checked_on: "2026-11-23"',
        new="who: for Essex\n      phone: 01245 291621\n      checked_on: in spring",
        at="checked_on: in spring",
        message="the day on which Essex Restorative and Mediation Service was checked cannot be read. Write it such as “2026-11-23”.",
    ),
    "a service elsewhere that nobody can reach": BadContent(
        file="service.yml",
        old="      phone: 01245 291621\n",
        new="",
        at="name: Essex",
        message="Essex Restorative and Mediation Service has no telephone number and no website. Fill in one of them, or nobody can turn to it.",
    ),
    "a support line for nobody that we know": BadContent(
        file="service.yml",
        old="helps: [child]",
        new="helps: [children]",
        at="helps: [children]",
        message="“helps” of Childline is a list of child, sexual, domestic, death, anyone, distress. Choose from these.",
    ),
    "a support line whose list is a word": BadContent(
        file="service.yml",
        old="helps: [child]",
        new="helps: child",
        at="helps: child",
        message="“helps” of Childline is a list of child, sexual, domestic, death, anyone, distress. Choose from these.",
    ),
    "a file that cannot be read": BadContent(
        file="service.yml",
        old="    name: &name Restorative",
        new="   name: &name Restorative",
        at="short_name: Restorative",
        message="this file cannot be read from here on. Undo the last change to it.",
    ),
    "an old address that is a page": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /contact/: /questions/\n",
        at="/contact/: /questions/",
        message="the old address /contact/ would hide /contact/, which is there. Take the line out.",
    ),
    "an old address that is a page but for its last slash": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /contact: /questions/\n",
        at="/contact: /questions/",
        message="the old address /contact would hide /contact/, which is there. Take the line out.",
    ),
    "a star that hides the forms": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /refer/*: /contact/\n",
        at="/refer/*: /contact/",
        message="the old address /refer/* would hide /refer/, which is there. Take the line out.",
    ),
    "a star in the middle of a word": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /refer*: /contact/\n",
        at="/refer*: /contact/",
        message="“/refer*” is not an old address. Begin it with / and write letters, digits, -, _, ., ~ and / alone; a star may stand after its last /.",
    ),
    "an old address with a blank": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /old page: /contact/\n",
        at="/old page: /contact/",
        message="“/old page” is not an old address. Begin it with / and write letters, digits, -, _, ., ~ and / alone; a star may stand after its last /.",
    ),
    "an old address without its page": BadContent(
        file="service.yml",
        old=_LAST,
        new=_LAST + "    /old-page:\n",
        at="/old-page:",
        message="the old address /old-page leads to no page. Write both, such as “/old-page: /contact/”.",
    ),
    "a photo under another ending": BadContent(
        file="docs/assets/pictures/bridge.jfif",
        new=b"jfif",
        message=".jfif files have no place here. Save the picture as JPEG or PNG, and use that.",
    ),
    "a photo that says in other words where it was taken": BadContent(
        file="docs/assets/pictures/door.jpg",
        new=photo(xmp=True),
        message="this photo says where it was taken. Take a screenshot of it and use that, or remove its location (Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info).",
    ),
    "a photo that was cut short": BadContent(
        file="docs/assets/pictures/cut.jpg",
        new=photo(noise=True)[:20_000],
        message="this is not a picture that can be read. Save it again as JPEG or PNG.",
    ),
    "a file that is neither page nor picture": BadContent(
        file="docs/assets/pictures/x.html",
        new="<script>alert(1)</script>",
        message="only pages, pictures (JPEG, PNG, WebP, SVG) and PDF can be put here. Take this file out.",
    ),
    "a drawing that acts": BadContent(
        file="docs/assets/pictures/x.svg",
        new='<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        message="this drawing holds a script or leads elsewhere. Save it as PNG, and use that.",
    ),
    "a picture from elsewhere": BadContent(
        file=STORY,
        old="## Afterwards",
        new="![A bridge](https://other.example/a.jpg)\n\n## Afterwards",
        at="![A bridge](https://other.example/a.jpg)",
        message="the picture https://other.example/a.jpg is somewhere else, and browsers are told not to load it. Upload it here.",
    ),
    "a link by a name": BadContent(
        file=CONTACT,
        old="(refer/index.md)",
        new="[f]",
        at="If you do not",
        message="a link by a name is used nowhere here. Write [words](page.md).",
    ),
    "a link as such that is not encrypted": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We listen, see <http://plain.example/>.",
        at="We listen, see",
        message="http://plain.example/ is not encrypted. Write https:// and see that it opens.",
    ),
    "a tag that swallows the page": BadContent(
        file=QUESTIONS,
        old="We listen.",
        new="We listen. <textarea>",
        at="We listen. <textarea>",
        message="<textarea> is not used on this website. If you mean the word, write &lt;textarea&gt;.",
    ),
    "bold letters that never end": BadContent(
        file=QUESTIONS,
        old="We listen.",
        new="We <b>listen.",
        at="We <b>listen.",
        message="<b> is never closed. Put back </b> where the part ends.",
    ),
    "a note to a colleague": BadContent(
        file=QUESTIONS,
        old="We listen.",
        new="We listen. <!-- ask Sarah -->",
        at="We listen. <!--",
        message="everyone can read the note <!-- ask Sarah --> in the page’s source. Take it out.",
    ),
    "a style in braces": BadContent(
        file=CONTACT,
        old="## Can I email?",
        new='## Can I email? {style="color: red"}',
        at="## Can I email?",
        message="the line holds a “style=” of its own, which browsers are told to ignore here. Take it out.",
    ),
    "a full name on the second line of a summary": BadContent(
        file=STORY,
        old="summary: A couple",
        new="summary: |-\n  Once.\n  Sarah Jones and a couple",
        at="summary: |-",
        message="“Sarah Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Allowed names”.",
    ),
    "a full name of who asked": BadContent(
        file=STORY,
        old="asked_by: ",
        new="asked_by: Sarah Jones and ",
        at="asked_by: Sarah",
        message="“Sarah Jones” looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, add it to “Allowed names”.",
    ),
    "full names without permission": BadContent(
        file="docs/case-studies/lucys-story.md",
        old="anonymous: true",
        new="anonymous: false",
        at="anonymous: false",
        message="full names may stand here only with permission. Write “anonymous: true” until it is given.",
    ),
    "a story without its template": BadContent(
        file=STORY,
        old="template: case_study.html\n",
        new="",
        at="---",
        message="“template” is missing. Add a line: template: case_study.html",
    ),
    "a template that there is not": BadContent(
        file=CONTACT,
        old="last_reviewed:",
        new="template: sectoin.html\nlast_reviewed:",
        at="template: sectoin.html",
        message="“template” is not one that there is. Put it back.",
    ),
    "somebody’s own number beside what a call costs": BadContent(
        file="service.yml",
        old="phone_cost: ",
        new="phone_cost: Or text 07700 900123. ",
        at="phone_cost: Or",
        message="07700 900123 is not a number of the service. Write {{phone}} for ours, or beside another organisation’s the name of it; a person’s own never stands here.",
    ),
    "somebody’s own number beside who helps elsewhere": BadContent(
        file="service.yml",
        old="who: for Essex",
        new="who: for Essex, ask 07700.900.123",
        at="who: for Essex,",
        message="07700.900.123 is not a number of the service. Write {{phone}} for ours, or beside another organisation’s the name of it; a person’s own never stands here.",
    ),
    "who helps elsewhere is gone": BadContent(
        file="service.yml",
        old="id: youth_kent",
        new="id: youth",
        at="other_services:",
        message="the form sends people to “youth_kent”, which is gone. Put it back, with its code.",
    ),
    "a name that is empty": BadContent(
        file="service.yml",
        old="    name: &name Restorative Justice Service for Kent & Medway",
        new="    name: &name",
        at="name: &name",
        message="“name” is empty. Fill it in: every page uses it.",
    ),
    "a name of no person that is empty": BadContent(
        file="service.yml",
        old="  allowed_names:\n",
        new="  allowed_names:\n    -\n",
        at="-\n    - River",
        message="number 1 of “Allowed names” is empty. Write the name, or take it out.",
    ),
    "no day of the calendar": BadContent(
        file=CONTACT,
        old="2026-11-23",
        new="2026-11-31",
        at="title: Contact",
        message="there is a letter or a day that cannot be read, such as 31 November. Look at the lines up here.",
    ),
    "no day of the calendar in service.yml": BadContent(
        file="service.yml",
        old='"2026-11-23"',
        new="2026-11-31",
        at="# Everything",
        message="there is a letter or a day that cannot be read, such as 31 November. Undo the last change to this file.",
    ),
    "a list that became a word": BadContent(
        file="service.yml",
        old="  service:\n    name",
        new="  service: ours\n  servic:\n    name",
        at="service: ours",
        message="“service” is no longer a list. Undo the last change to it.",
    ),
    "a page that nobody finds": BadContent(
        file="docs/about/new.md",
        new="---\ntitle: New\ndescription: A page that is new and that nobody finds.\nlast_reviewed: 2026-11-23\n---\n\n# New\n",
        at="---",
        message="nothing leads to this page: the list of pages in mkdocs.yml does not name it. Put it into docs/pages/ and choose its “section”, or ask somebody technical.",
    ),
    "a number above the words": BadContent(
        file=CONTACT,
        old="what happens next.",
        new="what happens next {{phone}}.",
        at="description:",
        message="{{phone}} is filled in only in the words of the page. Take it out up here.",
    ),
    "marks of a merge": BadContent(
        file=CONTACT,
        old="We listen.",
        new="<<<<<<< ours\nWe listen.\n=======\nWe hear.\n>>>>>>> theirs",
        at="<<<<<<< ours",
        message="two people changed this at once, and both versions stand here. Keep one, and take out the lines of signs.",
    ),
    "a note to oneself": BadContent(
        file=CONTACT,
        old="We listen.",
        new="We listen. TODO hours",
        at="We listen. TODO",
        message="we do not use “TODO”. Write what is missing, or take it out.",
    ),
    "words that only fill the page": BadContent(
        file=CONTACT,
        old="We listen.",
        new="Lorem ipsum.",
        at="Lorem ipsum.",
        message="we do not use “Lorem ipsum”. Write what is missing, or take it out.",
    ),
    "a sign that cuts a title": BadContent(
        file=CONTACT,
        old="title: Contact us",
        new="title: Contact us on line #1",
        at="title: Contact",
        message='everything behind “ #” is lost. Put "quotes" around all of the words.',
    ),
    "a line that stands twice": BadContent(
        file=CONTACT,
        old="last_reviewed:",
        new="title: Contact\nlast_reviewed:",
        at="title: Contact\nlast",
        message="“title” stands here twice, and only the last counts. Take one out.",
    ),
    "a file name with a capital": BadContent(
        file="docs/assets/pictures/Bridge.jpg",
        new=photo(),
        message="the name “Bridge.jpg” makes an address that breaks. Write small letters, digits and - alone, such as bridge.jpg.",
    ),
    "a page with a blank in its name": BadContent(
        file="docs/about/Our Team.md",
        new="---\ntitle: New\ndescription: A page that is new and that nobody finds.\nlast_reviewed: 2026-11-23\n---\n\n# New\n",
        message="the name “Our Team.md” makes an address that breaks. Write small letters, digits and - alone, such as our-team.md.",
    ),
    "a PDF in another place": BadContent(
        file="docs/assets/pictures/leaflet.pdf",
        new=pdf(),
        message="the place of a PDF is docs/downloads/. Put it there, and lead to it from a page.",
    ),
    "a PDF that is none": BadContent(
        file="docs/downloads/volunteers.pdf",
        new=b"%PDF-1.4 cut short",
        message="this is not a PDF that can be read. Save it again as PDF.",
    ),
    "a PDF without a title": BadContent(
        file="docs/downloads/volunteers.pdf",
        new=pdf(title=""),
        message="this PDF has no title, which screen readers say first. In Word: File, Info, Title. Save it again.",
    ),
    "a PDF without its language": BadContent(
        file="docs/downloads/volunteers.pdf",
        new=pdf(language=""),
        message="this PDF does not say in which language it is. In Word: Review, Language, Set Proofing Language. Save it again.",
    ),
    "a PDF that is too heavy": BadContent(
        file="docs/downloads/volunteers.pdf",
        new=pdf(filling=5_100_000),
        message="this file has 5.1 MB. Make it smaller: many readers pay for each megabyte.",
    ),
}
