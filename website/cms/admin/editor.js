// The editor: Sveltia CMS, with the configuration that `make site` writes to config.json.
import CMS from '@sveltia/cms';
import { read, write } from './service_file.js';

// service.yml holds more than editors change: only edited values are written back; comments and the rest stay.
let original = '';
CMS.registerCustomFormat('service', 'yml', {
  fromFile: (text) => read((original = text)),
  toFile: (edited) => write(original, edited),
});
// The editor escapes what the site shows as it is, and draws a line with stars and a table with blanks.
CMS.registerEventListener({
  name: 'preSave',
  handler: ({ entry }) => {
    const body = entry.getIn(['data', 'body']);
    if (typeof body !== 'string') return entry;
    const plain = body.replace(/\\([~`])/g, '$1').replace(/^\*\*\*$/gm, '---');
    return entry.setIn(['data', 'body'], plain.replace(/^\|( --- \|)+$/gm, (line) => line.replaceAll(' ', '')));
  },
});
const config = await (await fetch('config.json')).json();
CMS.init({ config });
