// The editor: Sveltia CMS, with what `make site` knows about the pages in config.json beside it.
import CMS from '@sveltia/cms';
import { read, write } from './about.js';

// mkdocs.yml holds more than editors change: only the edited words are written back, comments and all else stay.
let kept = '';
CMS.registerCustomFormat('about', 'yml', {
  fromFile: (text) => read((kept = text)),
  toFile: (said) => write(kept, said),
});
const config = await (await fetch('config.json')).json();
CMS.init({ config });
