// The editor: Sveltia CMS, with the configuration that `make site` writes to config.json.
import CMS from '@sveltia/cms';
import { readPage, writePage } from './page_file.js';
import { read, write } from './service_file.js';

// service.yml holds more than editors change: only edited values are written back; comments and the rest stay.
let original = '';
CMS.registerCustomFormat('service', 'yml', {
  fromFile: (text) => read((original = text)),
  toFile: (edited) => write(original, edited),
});
CMS.registerCustomFormat('page-frontmatter', 'md', { fromFile: readPage, toFile: writePage });
// What is opened after a publication is read anew, as it is published now.
const readAnew = () => addEventListener('hashchange', () => location.reload(), { once: true });
CMS.registerEventListener({ name: 'postPublish', handler: readAnew });
// While a chosen file is still being read, Save waits: the editor would save the page without it, and not say so.
// A picture among the words reaches them a tenth of a second later.
const isReading = () => document.querySelector('.processing');
const saveWhenRead = (button) => (isReading() ? setTimeout(saveWhenRead, 100, button) : setTimeout(() => button.click(), 500));
addEventListener('click', (event) => {
  const button = event.target.closest('[data-label=Save]');
  if (!button || !isReading()) return;
  event.stopImmediatePropagation();
  saveWhenRead(button);
}, true);
const config = await (await fetch('config.json')).json();
CMS.init({ config });
