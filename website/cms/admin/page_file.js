// A Markdown page, parsed for the editor and written back: words that nobody edited keep their own way of writing Markdown.
import { parse, stringify } from 'yaml';

const OPENING = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const originals = new Map();

export function readPage(text) {
  const [above, yaml] = OPENING.exec(text) ?? ['', ''];
  const body = text.slice(above.length).trim();
  originals.set(sameWords(body), body);
  return { ...parse(yaml), body };
}

export function writePage({ body, ...data }) {
  return `---\n${stringify(data, { lineWidth: 0, singleQuote: true })}---\n\n${asWritten(body ?? '')}\n`;
}

// The editor escapes what the site shows as it is, draws a line with stars, and leaves a table from Word without its second line.
function asWritten(body) {
  const plain = body.trim().replace(/\\([~`*_])/g, '$1').replace(/^\*\*\*$/gm, '---');
  const table = /(?<=^|\n\n)(\|.*\|)\n(?=\|(?! *-))/g;
  const complete = plain.replace(table, (line, head) => `${line}|${'---|'.repeat(head.split('|').length - 2)}\n`);
  return originals.get(sameWords(plain)) ?? complete.replace(/^\|( -+ \|)+$/gm, (line) => line.replaceAll(' ', ''));
}

// The editor's own way: _ for *, three dashes below the head of a table, no empty line between the items of a list.
function sameWords(body) {
  return body
    .replaceAll('_', '*')
    .replace(/^\|(?: ?-+ ?\|)+$/gm, (line) => line.replace(/ ?-+ ?/g, '---'))
    .replace(/^( *(?:[-*+]|\d+\.) .*)\n\n(?= *(?:[-*+]|\d+\.) )/gm, '$1\n');
}
