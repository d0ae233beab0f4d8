import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { NoValidator } from '../../../lambda/dns/records/dns-of-run.ts';
import { postureOutcome, worstFirst } from '../../../lambda/posture/check-posture.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';
import type { PostureAnswer } from './json-document.ts';

const WORDS: Readonly<Record<Outcome, string>> = { pass: 'ok', warn: 'warn', fail: 'fail', unable: 'unable' };

/** The findings with their hints, then a line for each one that passes. `all`: those with their words, too. */
export function postureText(run: PostureAnswer, all: boolean, screen: Screen): string {
  return textOfBlocks([
    [titleLine(run, screen)],
    ...findingBlocks(run.findings, all, screen),
    dnssecLines(run, screen),
  ]);
}

/** Those to explain, worst first, then a line for each one that passes. */
export function findingBlocks(findings: readonly PostureFinding[], all: boolean, screen: Screen) {
  const sorted = worstFirst(findings);
  const explained = sorted.filter(({ outcome }) => all || outcome !== 'pass');
  const passed = all ? [] : sorted.filter(({ outcome }) => outcome === 'pass');
  return [
    ...groupsOf(explained).map((group) => groupLines(group, screen)),
    passed.flatMap((finding) => passedLines(finding, screen)),
  ];
}

export function textOfBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter(({ length }) => length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const NOT_JUDGED: Readonly<Record<NoValidator, string>> = {
  'no-trusted-path':
    'DNSSEC and DANE are not judged: no answer of these resolvers can be trusted. To judge them: --resolver 127.0.0.1 (a validating resolver on this machine), or --resolver https://dns.quad9.net/dns-query --resolver https://cloudflare-dns.com/dns-query',
  'no-answer': 'DNSSEC and DANE are not judged: the resolver does not answer for the root zone',
  'not-validating':
    'DNSSEC and DANE are not judged: the resolver does not validate. To judge them: turn DNSSEC on in it, or --resolver https://dns.quad9.net/dns-query --resolver https://cloudflare-dns.com/dns-query',
};

function dnssecLines({ dnssec }: PostureAnswer, screen: Screen): readonly string[] {
  if (dnssec === 'judged') return [];
  const text = NOT_JUDGED[dnssec];
  return isBounded(screen) ? wrapText(text, screen.width) : [text];
}

function titleLine(run: PostureAnswer, screen: Screen): string {
  const { domain, findings, queries, milliseconds } = run;
  return `${outcomeText(domain, findings, screen)}; ${queries} queries, ${(milliseconds / 1000).toFixed(1)} s`;
}

/** `WARN  example.com  1 warn, 12 ok`. */
export function outcomeText(domain: string, findings: readonly PostureFinding[], { paint }: Screen): string {
  const outcome = postureOutcome(findings);
  const counts = (['fail', 'warn', 'unable', 'pass'] as const).flatMap((one) => {
    const count = findings.filter((finding) => finding.outcome === one).length;
    return count === 0 ? [] : [`${count} ${WORDS[one]}`];
  });
  const word = colourText(outcome, paint.bold(outcome.toUpperCase()), paint);
  return `${word}  ${domain}  ${counts.join(', ')}`;
}

const INDENT = 2;
const LABEL = 10;

/** Findings with one code have its words once. */
function groupLines(group: readonly PostureFinding[], screen: Screen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { outcome, code, meaning, hint, rfc } = first;
  const areas = [...new Set(group.map(({ area }) => area))].join(', ');
  const commands = group.flatMap(({ command }) => (command === null ? [] : [command]));
  return [
    `${colourText(outcome, WORDS[outcome], screen.paint)} at ${areas}: ${screen.paint.bold(code)}`,
    ...distinct(group).flatMap((finding, nth) => foundLines(finding, nth === 0 ? 'Found' : '', screen)),
    ...field('Meaning', `${meaning} (${rfc})`, screen),
    ...(hint === null ? [] : field('Hint', hint, screen)),
    ...group
      .flatMap(({ publish }) => publish)
      .flatMap((record, nth) => pasted(nth === 0 ? 'Publish' : '', record, screen)),
    ...commands.slice(0, 1).flatMap((command) => field('Check', command, screen)),
  ];
}

function foundLines({ subject, detail, evidence }: PostureFinding, label: string, screen: Screen): readonly string[] {
  const text = detail.includes(subject) ? detail : `${subject}: ${detail}`;
  return [...field(label, text, screen), ...evidence.flatMap((line) => field('', `  ${line}`, screen))];
}

/** Several areas may ask for one record. */
function distinct(group: readonly PostureFinding[]): readonly PostureFinding[] {
  const isSame = (a: PostureFinding, b: PostureFinding) => a.subject === b.subject && a.detail === b.detail;
  return group.filter((finding, nth) => group.findIndex((one) => isSame(one, finding)) === nth);
}

/** By area and code. One failure of DNS may be that of many areas. */
function groupsOf(findings: readonly PostureFinding[]): readonly (readonly PostureFinding[])[] {
  const groups = new Map<string, PostureFinding[]>();
  for (const finding of findings) {
    const key = finding.code === 'no-answer' ? finding.code : `${finding.area} ${finding.code}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

/** The first line has the label. Leading spaces of the text are part of the indent. */
function field(label: string, text: string, screen: Screen): readonly string[] {
  const [lead = ''] = /^ */.exec(text) ?? [];
  const from = INDENT + LABEL + lead.length;
  const safe = safeText(text.slice(lead.length), 600);
  const lines = isBounded(screen) ? wrapText(safe, screen.width - from) : [safe];
  const labelled = (at: number) => (at === 0 ? label : '').padEnd(LABEL);
  return lines.map((line, at) => `${' '.repeat(INDENT)}${labelled(at)}${lead}${line}`.trimEnd());
}

/** A record as a zone file has it. One that is too long for the screen is in parentheses (RFC 1035 5.1), so that it can still be pasted. */
function pasted(label: string, record: string, screen: Screen): readonly string[] {
  const from = INDENT + LABEL;
  const safe = safeText(record, 4_000);
  const lines = isBounded(screen) && safe.length > screen.width - from ? folded(safe, screen.width - from) : [safe];
  return lines.map((line, nth) => `${' '.repeat(INDENT)}${(nth === 0 ? label : '').padEnd(LABEL)}${line}`);
}

function folded(record: string, width: number): readonly string[] {
  const [, tlsa, data = ''] = /^(\S+ IN TLSA \d+ \d+ \d+) ([0-9a-f]+)$/.exec(record) ?? [];
  if (tlsa !== undefined) return [...wrapText(`${tlsa} (`, width), ...hexLines(data, width - 2), ')'];
  const [, head, strings = ''] = /^(\S+ IN TXT) (.*)$/.exec(record) ?? [];
  if (head === undefined) return wrapText(record, width);
  // Strings of a record are joined without a space, so that they may be split anywhere but in an escape.
  const words = strings
    .replaceAll('" "', '')
    .slice(1, -1)
    .split(/(?<= )/);
  const pieces = words.flatMap((word) => (word.length < width / 2 ? [word] : (word.match(/\\\d{3}|\\.|./g) ?? [])));
  const lines = [''];
  for (const piece of pieces) {
    if ((lines.at(-1) ?? '').length + piece.length > width - 6) lines.push('');
    lines.push((lines.pop() ?? '') + piece);
  }
  return [...wrapText(`${head} (`, width), ...lines.map((line) => `  "${line}"`), ')'];
}

/** RFC 6698 2.2: the data may have spaces anywhere. */
function hexLines(data: string, width: number): readonly string[] {
  return (data.match(new RegExp(`.{1,${Math.max(16, Math.min(64, width))}}`, 'g')) ?? []).map((line) => `  ${line}`);
}

function passedLines({ outcome, area, detail }: PostureFinding, screen: Screen): readonly string[] {
  const head = `${colourText(outcome, WORDS[outcome].padEnd(4), screen.paint)}${area.padEnd(LABEL - 2)}`;
  const safe = safeText(detail, 400);
  const lines = isBounded(screen) ? wrapText(safe, screen.width - INDENT - LABEL) : [safe];
  return lines.map((line, at) => (at === 0 ? head : ' '.repeat(INDENT + LABEL)) + line);
}
