// Lighthouse on several pages, one after the other, in one Chromium: reads what to look at, writes what it says, as JSON.
import {launch} from 'chrome-launcher';
import lighthouse from 'lighthouse';

const TRIES = 5; // on a busy machine it loses the trace of a page now and then, and says: please run Lighthouse again
const SHIFT = 'cumulative-layout-shift';

// Every score of a report; undefined where Lighthouse could not look, which is no judgement of the page.
const scores = ({runtimeError, categories, audits}) => {
  const found = Object.entries(categories).map(([name, each]) => [name, each.score === null ? NaN : Math.round(100 * each.score)]);
  if (audits[SHIFT]) found.push(['moved', audits[SHIFT].numericValue ?? NaN]);
  return runtimeError || found.some(([, score]) => isNaN(score)) ? undefined : Object.fromEntries(found);
};

const chromium = await launch({chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu']});
const said = [];
for (const {address, ...settings} of JSON.parse(process.argv[2])) {
  let found;
  for (let tries = 0; tries < TRIES && !found; tries++) {
    found = scores((await lighthouse(address, {...settings, port: chromium.port, disableFullPageScreenshot: true})).lhr);
  }
  if (!found) throw new Error(`Lighthouse could not look at ${address}`);
  said.push(found);
}
chromium.kill();
console.log(JSON.stringify(said));
