"""axe-core with every rule it has: WCAG A to AAA, best practice, and the experimental ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVERY_RULE: Final = """async () => {
  const rules = axe.getRules().map(rule => rule.ruleId);
  const found = await axe.run(document, {runOnly: {type: 'rule', values: rules}, resultTypes: ['violations']});
  return found.violations.map(rule => `${rule.id}: ${rule.help}: ` + rule.nodes.map(node => node.target).join(' | '));
}"""


def axe(page: Page) -> list[str]:
    """Return one line for each violated rule, with the elements that violate it."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(EVERY_RULE)
    return found
