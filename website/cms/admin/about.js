// What mkdocs.yml says about the service: read for the editor, and written back so that nothing but the edited words changes.
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';

// Quotes what a YAML 1.1 reader would take for a day, a number or a yes: PyYAML is one.
const written = (value) => stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd();
const parsed = (text) => parseDocument(text, { logLevel: 'silent' });
const filled = (value) => value !== null && value !== undefined && value !== '';

// Old addresses are a map in the file and a list in the editor: an editor cannot change the name of a key.
const asList = (map) => Object.entries(map).map(([from, to]) => ({ from, to }));
const asMap = (list) => Object.fromEntries(list.map(({ from, to }) => [from, to]));

export function read(text) {
  const { service, elsewhere, not_people: notPeople, redirects } = parsed(text).toJS().extra;
  const words = Object.entries(service).map(([key, value]) => [key, value ?? '']);
  return { service: Object.fromEntries(words), elsewhere, not_people: notPeople, redirects: asList(redirects) };
}

export function write(text, said) {
  const document = parsed(text);
  const wanted = { ...said, redirects: asMap(said.redirects ?? []) };
  const changes = [];
  change(document.getIn(['extra', 'service'], true), wanted.service, text, changes);
  for (const part of ['elsewhere', 'not_people']) {
    change(document.getIn(['extra', part], true), wanted[part] ?? [], text, changes);
  }
  const old = document.getIn(['extra', 'redirects'], true);
  if (JSON.stringify(old) !== JSON.stringify(wanted.redirects)) whole(old, wanted.redirects, text, changes);
  // From the end, so that the places of the others stay right.
  changes.sort((one, other) => other.from - one.from);
  return changes.reduce((all, { from, to, words }) => all.slice(0, from) + words + all.slice(to), text);
}

function change(node, value, text, changes) {
  if (isScalar(node)) {
    if ((filled(node.value) || filled(value)) && node.value !== value) {
      changes.push({ from: node.range[0], to: node.range[1], words: filled(value) ? written(value) : 'null' });
    }
  } else if (isSeq(node) && node.items.length === value.length) {
    node.items.forEach((item, index) => change(item, value[index], text, changes));
  } else if (isMap(node) && knowsAll(node, value)) {
    node.items.forEach((pair) => change(pair.value, value[pair.key.value], text, changes));
  } else {
    whole(node, value, text, changes);
  }
}

// A key that is filled for the first time has no line yet.
function knowsAll(map, value) {
  return Object.keys(value).every((key) => map.has(key) || !filled(value[key]));
}

// A list that became longer or shorter is written anew, as deep as it stood; an empty one stands behind its name.
function whole(node, value, text, changes) {
  const [from] = node.range;
  const to = from + text.slice(...node.range).trimEnd().length;
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  const isBehindItsName = before.includes(':');
  const deep = ' '.repeat(isBehindItsName ? before.search(/\S/) + 2 : before.length);
  const clean = JSON.parse(JSON.stringify(value, (_key, one) => (filled(one) ? one : undefined)));
  const words = written(clean).replaceAll('\n', `\n${deep}`);
  changes.push({ from, to, words: isBehindItsName && value.length ? `\n${deep}${words}` : words });
}
