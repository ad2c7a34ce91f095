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
addEventListener('click', (event) => {
  const button = event.target.closest('[data-label=Save]');
  if (!button || !document.querySelector('.processing')) return;
  event.stopImmediatePropagation();
  setTimeout(() => button.click(), 100);
}, true);
const config = await (await fetch('config.json')).json();
CMS.init({ config });
