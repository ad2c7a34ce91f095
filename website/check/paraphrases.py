"""Rule for criteria in other words: once a criterion changes, every line that still says the old rule is named.

Pages and questions also say a criterion in words of their own. The table has each criterion's sentence as it was when
those words were written, and a pattern that finds them. A sentence that is no longer a criterion's makes the lines
findings; the last one is the table itself, so that the new sentence is written here when all lines are right.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from referral_function.asking.area import AREA, IN_THE_AREA
from website.content.pages import Finding

TABLE: Final = "website/check/paraphrases.py"
PARAPHRASES: Final = {
    "The person who caused harm is 18 or over. Younger people come under the Youth Offending Team.": (
        r"\b18 or over|If (you|they) are younger|(harm|harmed you|offender) is under 18|turn 18|younger people"
    ),
    "The person harmed can be of any age.": r"of any age\.|be any age",
    "Any offence can be referred, but cases of domestic violence, sexual violence or non-recent child sexual abuse must "
    "be led by the person harmed.": r"After domestic violence|No offence is excluded",
    f"There is a connection to the {AREA} area: the address of the person harmed, the address of the person who caused "
    f"harm, or the place where it happened.": rf"{IN_THE_AREA}\b|We cover|One of these must be there",
    "There is no time limit: it can be recent or decades ago.": r"time (limit|restriction)|decades",
    "If a case is going through court we may wait until it has come to a conclusion.": r"we may wait",
    "There is an identifiable victim.": r"identifiable victim|victim who can be identified",
    "There is an identified person who caused the harm, or a charged offender.": (
        r"been identified (before|or charged|as|who)|has been identified"
    ),
    "There is an admission of responsibility, or a guilty plea or finding of guilt if the case is going through the "
    "courts.": r"accepts? responsibility|[Aa]n admission",
    "Restorative Justice is focused on the person harmed: it is their choice whether to take part.": (
        r"focused on|choice (of the person|whether)|free choice"
    ),
    "The person who caused harm has to agree too.": r"(has|have) to agree too|both (of them )?(must )?(agree|choose|say yes)",
}
_SOURCES: Final = (
    "service.yml",
    "docs/**/*.md",
    "site_overrides/**/*.html",
    "referral_function/asking/**/*.py",
    "referral_function/deciding/*.py",
    "referral_function/papers/*.py",
    "referral_function/web/templates/*.html",
)
_GENERATED: Final = re.compile(r"<!-- from the code: .*?<!-- /from the code -->", re.DOTALL)


def check_paraphrases(root: Path, statements: Collection[str]) -> Iterator[Finding]:
    """Compare the table with the `statements` of the criteria; name each line that rests on a sentence that is gone."""
    changed = {sentence: re.compile(pattern) for sentence, pattern in PARAPHRASES.items() if sentence not in statements}
    for path in sorted(path for source in _SOURCES for path in root.glob(source)) if changed else ():
        text = _GENERATED.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            for sentence, pattern in changed.items():
                if pattern.search(line) and "statement=" not in line:
                    advice = f"“{sentence}” is no longer a criterion, and this line rests on it. Make it agree."
                    yield Finding(path=path.relative_to(root).as_posix(), line=number, sentence=advice)
    for statement in statements:
        if statement not in PARAPHRASES:
            sentence = f"“{statement}” is a new criterion. When every line agrees with it, write it here in place of the old one, with words that find them."
            yield Finding(path=TABLE, line=0, sentence=sentence)
