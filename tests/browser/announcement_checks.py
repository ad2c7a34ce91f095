"""What the page after a POST must announce, and no accessibility tool looks for: focus, title, links to the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

MISSING: Final = """() => {
  const found = [], say = words => found.push(words), all = (where, what) => [...where.querySelectorAll(what)];
  const outcome = document.querySelector('#result[tabindex]'), summary = document.querySelector('.summary.wrong');
  if (outcome && document.activeElement !== outcome) say('the outcome has not the focus');
  const asked = all(document, '.referral .question-label').map(each => each.textContent);
  for (const each of asked) if (asked.indexOf(each) !== asked.lastIndexOf(each)) say(`asked twice: ${each}`);
  for (const each of all(document, '.review :is(input:not([type=hidden]), textarea, select)')) say(`asked again: ${each.name}`);
  if (!summary) return found;
  if (!document.title.startsWith('Error: ')) say('the title does not begin with Error');
  if (!document.querySelector('a.back[href]')) say('no way back');
  const links = all(summary, 'li a'), wrong = all(document, '.question.wrong');
  if (links.length !== wrong.length) say('not one link for each error');
  wrong.forEach((question, at) => {
    const controls = all(question, 'input, textarea'), part = controls.find(each => each.ariaInvalid === 'true');
    const first = question.querySelector('.date') && part || controls[0], link = links[at];
    if (link?.hash !== `#${first.id}`) say(`not the first control: ${link?.textContent}`);
    if (!question.querySelector('.error')?.textContent.endsWith(link?.textContent)) say(`not said there: ${link?.textContent}`);
  });
  return found;
}"""


def missing_announcements(page: Page) -> list[str]:
    """Return what is missing: focus, title, back link, a link from each error to its control; and what is asked twice."""
    found: list[str] = page.evaluate(MISSING)
    return found
