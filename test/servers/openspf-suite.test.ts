/** The test suite of openspf.org for RFC 7208, as Debian's package `python3-spf` ships it. `.ci/servers` unpacks it. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { evaluateSpf } from '../../lambda/standards/spf/evaluate.ts';
import { explainFailure } from '../../lambda/standards/spf/explanation.ts';
import { type Entry, lookupOf } from '../standards/answers.ts';

const path = 'usr/share/doc/python3-spf/rfc7208-tests.yml.gz';
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const file = [join(cache, 'smtp-quorum/servers', path), join('/', path)].find((place) => existsSync(place));

interface Case {
  readonly helo: string;
  readonly host: string;
  readonly mailfrom: string;
  readonly result: string | readonly string[];
  /** `DEFAULT`: the domain explains nothing. */
  readonly explanation?: string;
}
type Line = string | Readonly<Record<string, string | readonly string[] | readonly [number, string]>>;
interface Scenario {
  readonly description: string;
  readonly tests: Readonly<Record<string, Case>>;
  readonly zonedata: Readonly<Record<string, readonly Line[]>>;
}

const scenarios =
  file === undefined
    ? []
    : parseAllDocuments(gunzipSync(readFileSync(file)).toString('latin1'), { strict: false, uniqueKeys: false })
        .map((document) => document.toJS() as Scenario | null)
        .filter((scenario) => scenario !== null);

/** The entry of a name. A record of the old type SPF counts as TXT, unless the name has records of TXT (`NONE`: only SPF). */
function entryOf(lines: readonly Line[], zone: Scenario['zonedata'], depth = 0): Entry {
  const records = lines.filter((line) => typeof line !== 'string');
  const of = (type: string) => records.flatMap((line) => (line[type] === undefined ? [] : [line[type]]));
  const alias = of('CNAME')[0];
  if (alias !== undefined && depth < 10) return entryOf(named(zone, String(alias)) ?? [], zone, depth + 1);
  const texts = (of('TXT').length > 0 ? of('TXT') : of('SPF')).filter((text) => text !== 'NONE');
  const answered = {
    A: of('A').map(String),
    AAAA: of('AAAA').map(String),
    MX: of('MX').map((value) => ({ preference: Number(value[0]), host: String(value[1]) })),
    PTR: of('PTR').map(String),
    TXT: texts.map((text) => [text].flat().join('')),
  };
  if (!lines.includes('TIMEOUT')) return answered;
  // A name that times out answers for the types that it lists.
  const filled = Object.entries(answered).map(([type, values]) => [type, values.length > 0 ? values : 'failed']);
  return Object.fromEntries(filled) as Entry;
}

function named(zone: Scenario['zonedata'], name: string): readonly Line[] | undefined {
  const key = Object.keys(zone).find((one) => one.toLowerCase() === name.toLowerCase().replace(/\.$/, ''));
  return key === undefined ? undefined : zone[key];
}

const cases = scenarios.flatMap(({ description, tests, zonedata }) =>
  Object.entries(tests).map(([name, one]) => [`${description}: ${name}`, one, zonedata] as const),
);

describe.skipIf(file === undefined)('the suite of openspf.org', () => {
  test('has all of its cases', () => expect(cases).toHaveLength(203));

  test.each(cases)('%s', async (_, { helo, host, mailfrom, result, explanation }, zone) => {
    const entries = Object.entries(zone).map(([name, lines]) => [name, entryOf(lines, zone)] as const);
    const { lookup } = lookupOf(Object.fromEntries(entries));
    const sender =
      mailfrom === '' ? `postmaster@${helo}` : mailfrom.startsWith('@') ? `postmaster${mailfrom}` : mailfrom;
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    const question = { ip: String(host), domain, sender, helo };
    const evaluation = await evaluateSpf(question, lookup);
    expect([result].flat(), evaluation.reason).toContain(evaluation.result);
    if (explanation === undefined) return;
    const explained = await explainFailure(evaluation, question, lookup, {
      name: 'mx.example.net',
      time: 1_800_000_000,
    });
    // Digits of addresses may be in either case (RFC 4343, RFC 5952).
    expect((explained ?? 'DEFAULT').toLowerCase()).toBe(explanation.toLowerCase());
  });
});
