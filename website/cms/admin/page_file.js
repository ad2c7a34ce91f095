// A Markdown page, parsed for the editor and written back: what nobody edited keeps its own way of writing YAML and Markdown.
import { isMap, parse, parseDocument, stringify } from 'yaml';

const PARTS = /^(---[ \t]*\n)([\s\S]*?\n)(---[ \t]*(?:\n(?:[ \t]*\n)*|$))([\s\S]*)$/;
const toYaml = (data) => stringify(data, { lineWidth: 0, singleQuote: true });
const paragraphs = (body) => body.split(/\n(?:[ \t]*\n)+(?! *(?:[-*+]|\d+\.)[ \t]| {4})/);

// The page as it was read goes through the editor beside its data, under a key that no form shows.
export function readPage(text) {
  const [, , yaml, , body] = PARTS.exec(text) ?? ['', '', '', '', text];
  return { ...parse(yaml), as_read: text, body };
}

export function writePage({ as_read, body, ...data }) {
  const [, opening, yaml, closing, original] = PARTS.exec(as_read ?? '') ?? ['', '---\n', '', '', ''];
  const fence = closing.includes('\n') ? closing : '---\n\n';
  return `${opening}${frontMatter(yaml, data)}${fence}${asWritten(body ?? '', original)}\n`;
}

// Rewrites the lines of each key whose value has changed, and no other; a new key comes last.
function frontMatter(yaml, data) {
  const document = parseDocument(yaml);
  if (!isMap(document.contents) || document.contents.flow) return toYaml(data);
  const old = document.toJS();
  const isEdited = (key) => comparable(data[key]) !== comparable(old[key]);
  let written = yaml;
  // From the end, so that earlier positions stay valid.
  for (const pair of document.contents.items.toReversed()) {
    const [key, from] = [pair.key.value, pair.key.range[0]];
    const to = from + yaml.slice(from, pair.value.range[1]).trimEnd().length;
    if (isEdited(key)) {
      const after = written.slice(to);
      written = written.slice(0, from) + (key in data ? toYaml({ [key]: data[key] }).trimEnd() + after : after.replace(/^.*\n/, ''));
    }
  }
  const added = Object.keys(data).filter((key) => !(key in old) && isEdited(key));
  return written + added.map((key) => toYaml({ [key]: data[key] })).join('');
}

// A value whatever the order of its keys, without the blanks around words and without what is empty.
function comparable(value) {
  if (Array.isArray(value)) return value.map(comparable).join('\n');
  if (value === null || typeof value !== 'object') return String(value ?? '').trim();
  return Object.keys(value).sort().map((key) => `${key}: ${comparable(value[key])}`).join('\n');
}

// The editor escapes what the site shows as it is, draws a line with stars, puts a picture right behind words, and leaves a
// table from Word without its second line.
function asWritten(body, original) {
  const plain = body.trim().replace(/\\([~`*_])/g, '$1').replace(/^\*\*\*$/gm, '---');
  if (sameWords(plain) === sameWords(original)) return original;
  const table = /(?<=^|\n\n)(\|.*\|)\n(?=\|(?! *-))/g;
  const complete = plain
    .replace(table, (line, head) => `${line}|${'---|'.repeat(head.split('|').length - 2)}\n`)
    .replace(/^\|( -+ \|)+$/gm, (line) => line.replaceAll(' ', ''))
    .replace(/^(?! *(?:[-*+]|\d+\.) )(.*[^\s|[(])(!\[[^\]\n]*\]\([^)\n]*\))/gm, '$1\n\n$2')
    .replace(/^(!\[[^\]\n]*\]\([^)\n]*\))(?=[^\s|{])/gm, '$1\n\n');
  const unedited = new Map(paragraphs(original).map((each) => [sameWords(each), each]));
  return paragraphs(complete).map((each) => unedited.get(sameWords(each)) ?? each).join('\n\n');
}

// Markdown without what the editor writes in its own way and nobody can see: two texts with the same words are one.
function sameWords(body) {
  return body
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll('_', '*')
    .replace(/[ \t]+$/gm, '')
    .replace(/^(?:\*{3,}|-{3,}|\*(?: \*){2,})$/gm, '---')
    .replace(/^( *)[-*+][ \t]+/gm, '$1- ')
    .replace(/^( *)\d+\.[ \t]+/gm, (_item, blanks) => `${blanks}1. `)
    .replace(/^\|.*\|$/gm, (row) => row.replace(/ *\| */g, '|').replace(/-{3,}/g, '---'))
    .replace(/(\*+)\[([^\]\n]*)\](\([^)\n]*\))\1/g, '[$1$2$1]$3')
    .replace(/(\*+)\n\1/g, '\n')
    .replace(/^#{1,6} .*$/gm, '\n\n$&\n\n')
    .replace(/\n{2,}/g, '\n\n')
    .replace(/^( *(?:-|1\.) .*)\n\n(?= *(?:-|1\.) )/gm, '$1\n')
    .trim();
}
