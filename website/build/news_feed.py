"""Writes `news/feed.xml` (Atom, RFC 4287) from the pages in docs/news/, if there are any."""

from pathlib import Path
from xml.etree import ElementTree as ET

from website.content.pages import news_pages
from website.content.service_config import ServiceConfig


def write_news_feed(root: Path, site: Path, config: ServiceConfig) -> None:
    """Write the feed into the built site, the newest entry first."""
    if not (pages := news_pages(root)):
        return
    feed = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    here = f"{config.site_url}news/"
    newest = f"{pages[0].front_matter['published']}T00:00:00Z"
    for name, text in (("title", config.service["name"]), ("id", here), ("updated", newest)):
        ET.SubElement(feed, name).text = text
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = config.service["name"]
    ET.SubElement(feed, "link", rel="self", href=f"{here}feed.xml")
    for page in pages:
        address, entry = f"{here}{Path(page.path).stem}/", ET.SubElement(feed, "entry")
        meta = page.front_matter
        texts = {
            "title": meta["title"],
            "id": address,
            "updated": f"{meta['published']}T00:00:00Z",
            "summary": meta["description"],
        }
        for name, text in texts.items():
            ET.SubElement(entry, name).text = text
        ET.SubElement(entry, "link", href=address)
    (site / "news").mkdir(exist_ok=True)
    ET.ElementTree(feed).write(site / "news" / "feed.xml", encoding="utf-8", xml_declaration=True)
