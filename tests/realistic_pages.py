"""Six pages as communications staff write them, each with its slips, and the findings that they cause: line and sentence."""

from __future__ import annotations

from typing import Final

from tests.bad_content_cases import pdf, photo

NAME: Final = (
    "looks like a full name, and this story is marked anonymous. Write a first name or a letter; if it is no person, "
    "add it to “Allowed names”."
)
BULLET: Final = (
    "is shown as it was typed. Begin each line of the list with - and a blank, with an empty line above the first."
)

FILES: Final = {
    "docs/assets/pictures/front-door.jpg": photo(gps=True),
    "docs/assets/pictures/open-day.jpg": photo(),
    "docs/downloads/volunteering.pdf": pdf(title="Volunteering with us", filling=120_000),
}

PAGES: Final = {
    "docs/news/restorative-justice-week.md": """---
title: Restorative Justice Week begins on Monday
description: Come and meet our facilitators in Canterbury and Maidstone during Restorative Justice Week.
published: 2026-11-20
template: news_item.html
---

Restorative Justice Week runs from Monday 23 November to Sunday 29 November.
Our facilitators will be at Canterbury Christ Church University on Tuesday, from 10am to 4pm.
You can talk to us in private, for ~20 minutes or as long as you like.

Kent Police, Victim Support and the Probation Service will be there too.
You do not need to book.

Read more at https://restorativejustice.org.uk/week and follow **the day** with us.

## Can I come if I am under 18?

Yes.
Bring somebody you trust, or read [our page for young people](../harmed/young-people.md).
""",
    "docs/case-studies/neighbours-after-a-burglary.md": """---
title: Neighbours after a burglary
description: A family in Swale met the young man who had broken into their home on Boxing Day.
last_reviewed: 2026-11-20
template: case_study.html
back: case-studies/
back_title: Case studies
summary: A family in Swale met the young man who had broken into their home on Boxing Day.
offence: Burglary
contact: direct
asked_by: The family
stage: After the sentence
content_note: This story describes a burglary.
source: the facilitator
permission: given
anonymous: true
complete: true
on_first_page: false
---

## What happened?

On Boxing Day, Amir and his wife came home from Tunbridge Wells and found the front door open.
Somebody had taken his father’s watch and the children’s Christmas presents.

![A front door with a broken lock](../assets/pictures/front-door.jpg)

Kent Police arrested a young man two days later.
He pleaded guilty at Medway Magistrates’ Court, and Maidstone Crown Court sent him to HMP Elmley.

## Why did they want to meet?

Their Victim Liaison Officer told them about Restorative Justice.
“We kept looking out of the window at night,” Amir says.
The Prison Chaplain and a Senior Probation Officer helped to prepare the meeting.

## The meeting

They met at the prison, with Joe’s Offender Manager, Daniel Whitlock, beside him.
Joe said that he had been using Spice since Year Nine.
He had never thought about who lived behind a door.

## Afterwards

Amir sleeps better now.
Joe has begun an Anger Management course and writes to his Mum on Mothering Sunday.
""",
    "docs/pages/volunteer-with-us.md": """---
title: Volunteer with us
description: What volunteer facilitators do, how we train them, and how to apply.
last_reviewed: 2026-11-20
section: About
template: section.html
---

Our volunteers help people to talk about the hardest day of their lives.

## What do volunteers do?

- Prepare each person for a meeting.
- Be there in the meeting.
- Ask afterwards how everybody is.

## How much time does it take?

Most volunteers give us a day a week:
| Step | How long | Where |
|------|----------|-------|
| Training | 5 days | Maidstone |
| Shadowing | 3 months | With a Lead Facilitator |

Training is accredited by the Restorative Justice Council.

## How do I apply?

1. Read [our booklet for volunteers](../downloads/volunteering.pdf).
2. Call us on [{{phone}}](tel:{{phone}}).
3. We meet, and check with the Disclosure and Barring Service.
""",
    "docs/pages/organisations-we-work-with.md": """---
title: Organisations we work with
description: Who helps people after a crime in our area, what each does, and how to reach them.
last_reviewed: 2026-11-20
section: Help
template: section.html
---

You can contact each of them yourself.

## Kent Police

Call 101 if it is not an emergency, or [01622 690690](tel:+441622690690) from abroad.
Have your crime reference at hand, such as 46/123456/26.

## Citizens Advice

For advice about money and housing: 0808 278 7810.
Write to [advice@citizens.example](mailto:advice@citizens.example).

## East Kent Rape Crisis Centre

Free counselling for women and girls: 01227 123456.
Ask for Karen, or text 07700 900123.
You can read about their work [here](https://eastkent-centre.example/).

## Books

Their guide “After the crime” has the ISBN 978-0-14-103614-4.
They are a registered charity, number 1234567.
""",
    "docs/pages/a-guide-from-word.md": """---
title: A guide for families
description: What families can expect before, during and after a meeting, in short.
last_reviewed: 2026-11-20
section: Help
template: section.html
---

Families often ask us what will happen.

## Before the meeting

\uf0b7\tWe meet each of you on your own.
\uf0b7\tWe ask who else should be there.

## On the day

1)\tYou arrive at different times.
2)\tThe facilitator explains the rules.

It takes \\~90 minutes, and there are breaks.
There is tea, and a quiet room.

## Afterwards

We call each of you in the following week{.underline}.
The Family Liaison Officer and the Youth Justice Service hear only what you agree to.
""",
    "docs/news/open-day-in-ashford.md": """---
title: Open day in Ashford
description: Meet our facilitators, see a film and ask your questions at our open day in Ashford.
published: 2026-10-02
template: news_item.html
---

Join us at Ashford Town Hall on Saturday 17 October, from 11am to 3pm.

![People talking in a circle of chairs](../assets/pictures/open-day.jpg)

What happens when
---

- 11am: welcome by the Police and Crime Commissioner
- noon: a short film, with British Sign Language
- 1pm: lunch, and questions to a District Judge

You can come by train: Ashford International is five minutes away.
There is step-free access:
- from the High Street
- from the car park in Station Road

TODO: ask the Mayor.
""",
}

FINDINGS: Final = {
    "docs/assets/pictures/front-door.jpg": [
        (
            "",
            (
                "this photo says where it was taken. Take a screenshot of it and use that, or remove its location "
                "(Windows: Properties, Details, Remove; Mac: Preview, Tools, Show Location Info)."
            ),
        )
    ],
    "docs/news/restorative-justice-week.md": [
        (
            "Read more at",
            (
                "“https://restorativejustice.org.uk/week” cannot be clicked. "
                "Write [words](https://…), with words that say where it leads."
            ),
        )
    ],
    "docs/case-studies/neighbours-after-a-burglary.md": [("They met at", f"“Daniel Whitlock” {NAME}")],
    "docs/pages/volunteer-with-us.md": [
        (
            "| Step",
            (
                "a table is shown as it was typed. Leave an empty line above it, and write |---|---| below its first line, "
                "with as many columns."
            ),
        ),
        (
            "1. Read",
            (
                "the link “our booklet for volunteers” has to say how large the file is: "
                "“our booklet for volunteers (PDF, {size} kB)”."
            ),
        ),
    ],
    "docs/pages/organisations-we-work-with.md": [
        (
            "Ask for Karen",
            (
                "07700 900123 is not a number of the service. Write {{phone}} for ours, or beside another organisation’s the name "
                "of it; a person’s own never stands here."
            ),
        ),
        (
            "You can read",
            "the link “here” does not say where it leads. Write words that do, such as “how to refer”.",
        ),
    ],
    "docs/pages/a-guide-from-word.md": [
        ("\uf0b7\tWe meet", f"“\uf0b7” {BULLET}"),
        (
            "1)\tYou",
            "“1)” is shown as it was typed. Write 1. and a blank, with an empty line above the first line of the list.",
        ),
        ("It takes", "the \\ in “\\~” is shown as it was typed. Take it out."),
        ("We call each", "“{.underline}” is shown as it was typed. Take it out."),
    ],
    "docs/news/open-day-in-ashford.md": [
        ("---\n\n- 11am", "“---” makes a heading of the line above it. Leave an empty line between the two."),
        (
            "- from the High",
            "“- from” is shown as it was typed: a list begins after an empty line. Leave one above its first line.",
        ),
        ("TODO", "we do not use “TODO”. Write what is missing, or take it out."),
    ],
}

MENDED: Final = {
    "Read more at https://restorativejustice.org.uk/week and": "Read about [the week](https://restorativejustice.org.uk/week) and",
    "Daniel Whitlock": "Daniel",
    "a day a week:\n|": "a day a week:\n\n|",
    "our booklet for volunteers]": "our booklet for volunteers (PDF, {size} kB)]",
    ", or text 07700 900123": "",
    "about their work [here]": "about [their work]",
    "\uf0b7\t": "- ",
    "1)\t": "1. ",
    "2)\t": "2. ",
    "\\~": "~",
    "{.underline}": "",
    "What happens when\n---": "## What happens when",
    "access:\n-": "access:\n\n-",
    "TODO: ask the Mayor.\n": "",
}
"""What the sentences say: each slip, and what to write instead."""
