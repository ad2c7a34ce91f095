// Lighthouse on several pages, one after the other, in one Chromium: reads what to look at, writes what it says, as JSON.
import {launch} from 'chrome-launcher';
import lighthouse from 'lighthouse';

const TRIES = 3; // now and then it loses the trace of a page, and says: please run Lighthouse again
const looks = JSON.parse(process.argv[2]);
const chromium = await launch({chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu']});
const reports = [];
for (const {address, ...settings} of looks) {
  let report;
  for (let tries = 0; tries < TRIES && (!report || report.runtimeError); tries++) {
    report = (await lighthouse(address, {...settings, port: chromium.port, disableFullPageScreenshot: true})).lhr;
  }
  if (report.runtimeError) throw new Error(report.runtimeError.message);
  const scores = Object.entries(report.categories).map(([name, each]) => [name, Math.round(100 * each.score)]);
  const moved = report.audits['cumulative-layout-shift'];
  reports.push(Object.fromEntries(moved ? [...scores, ['moved', moved.numericValue]] : scores));
}
chromium.kill();
console.log(JSON.stringify(reports));
