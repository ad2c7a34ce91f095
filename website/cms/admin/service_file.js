// service.yml, parsed for the editor and written back so that only the edited values change.
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';

// PyYAML reads YAML 1.1: quote what it would take for a date, a number or a boolean.
const toYaml = (value) => stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd();
const parsed = (text) => parseDocument(text, { logLevel: 'silent' });
const isFilled = (value) => value !== null && value !== undefined && value !== '';
const isEmptyList = (value) => Array.isArray(value) && value.length === 0;

// Redirects are a map in the file and a list in the editor, which cannot rename a key.
const asList = (map) => Object.entries(map).map(([from, to]) => ({ from, to }));
const asMap = (list) => Object.fromEntries(list.map(({ from, to }) => [from, to]));

export function read(text) {
  const { service, other_services, allowed_names, redirects } = parsed(text).toJS().extra;
  const entries = Object.entries(service).map(([key, value]) => [key, value ?? '']);
  return { service: Object.fromEntries(entries), other_services, allowed_names, redirects: asList(redirects) };
}

export function write(text, edited) {
  const document = parsed(text);
  const wanted = { ...edited, redirects: asMap(edited.redirects ?? []) };
  const changes = [];
  change(document.getIn(['extra', 'service'], true), wanted.service, text, changes);
  for (const part of ['other_services', 'allowed_names']) {
    change(document.getIn(['extra', part], true), wanted[part] ?? [], text, changes);
  }
  const old = document.getIn(['extra', 'redirects'], true);
  if (JSON.stringify(old) !== JSON.stringify(wanted.redirects)) replaceNode(old, wanted.redirects, text, changes);
  // From the end, so that earlier positions stay valid.
  changes.sort((one, other) => other.from - one.from);
  return changes.reduce((all, { from, to, words }) => all.slice(0, from) + words + all.slice(to), text);
}

function change(node, value, text, changes) {
  if (isScalar(node)) {
    if ((isFilled(node.value) || isFilled(value)) && node.value !== value) {
      changes.push({ from: node.range[0], to: node.range[1], words: isFilled(value) ? toYaml(value) : 'null' });
    }
  } else if (isSeq(node) && node.items.length === value.length) {
    node.items.forEach((item, index) => change(item, value[index], text, changes));
  } else if (isMap(node) && hasAllKeys(node, value)) {
    node.items.forEach((pair) => change(pair.value, value[pair.key.value], text, changes));
  } else {
    replaceNode(node, value, text, changes);
  }
}

// A key that gets its first value has no line yet.
function hasAllKeys(map, value) {
  return Object.keys(value).every((key) => map.has(key) || !isFilled(value[key]) || isEmptyList(value[key]));
}

// Rewrites a list of another length at its indentation; an empty one stands on the line of its key.
function replaceNode(node, value, text, changes) {
  const [from] = node.range;
  const to = from + text.slice(...node.range).trimEnd().length;
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  const isOnKeyLine = before.includes(':');
  const indent = ' '.repeat(isOnKeyLine ? before.search(/\S/) + 2 : before.length);
  const clean = JSON.parse(JSON.stringify(value, (_key, one) => (isFilled(one) ? one : undefined)));
  const yaml = toYaml(clean).replaceAll('\n', `\n${indent}`);
  changes.push({ from, to, words: isOnKeyLine && value.length ? `\n${indent}${yaml}` : yaml });
}
