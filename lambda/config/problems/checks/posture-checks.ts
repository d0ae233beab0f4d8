/** Rules between values of `posture` and `listKeys`. */
import { isIP } from 'node:net';
import { POSTURE_CODES, type PostureCode } from '../../../posture/codes/codes.ts';
import { closestWord } from '../../../standards/spelling.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import { isPublicSuffix } from '../public-suffixes.ts';
import { atValue, duplicates, exactlyOne, forEach, list, record, type Written } from '../rule-building-blocks.ts';

/** @param now epoch milliseconds; 0 where dates that passed are no mistakes */
export function postureRules(config: Written, now: number): readonly ConfigFault[] {
  return [
    ...duplicateDomains(config),
    ...forEach(config, 'posture', isDomainName),
    ...forEach(config, 'posture', sendersAreAddresses),
    ...forEach(config, 'posture', hostsAreNames),
    ...forEach(config, 'posture', (entry, path) =>
      list(entry.ignore).flatMap((ignored, index) => ignoreFaults(ignored, [...path, 'ignore', index], now)),
    ),
    ...Object.keys(record(config.listKeys) ?? {}).flatMap((name) =>
      exactlyOne(record(record(config.listKeys)?.[name]), ['secret', 'env'], ['listKeys', name]),
    ),
  ];
}

function duplicateDomains(config: Written): readonly ConfigFault[] {
  const names = list(config.posture).map((entry) => plainName(record(entry)?.domain));
  return duplicates(names).map(({ index, first, value }) =>
    atValue(
      ['posture', index, 'domain'],
      `"${value}" is already the domain of posture[${first}]`,
      'join the two entries',
    ),
  );
}

function plainName(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase().replace(/\.$/, '') : value;
}

function isDomainName({ domain }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (typeof domain !== 'string') return [];
  const at = [...path, 'domain'];
  if (isIP(domain) !== 0)
    return [atValue(at, 'is an address, not a domain', `name the domain, and write \`senders: ['${domain}']\``)];
  if (domain.includes('@') || !isPublicSuffix(domain)) return [];
  return [
    atValue(
      at,
      'is a public suffix: registries sell domains below it',
      `write the whole domain, such as \`example.${plainName(domain)}\``,
    ),
  ];
}

function sendersAreAddresses({ senders }: Written, path: ConfigPath): readonly ConfigFault[] {
  return list(senders).flatMap((sender, index) => {
    if (typeof sender !== 'string' || isIP(sender) !== 0) return [];
    const fix = /\/\d+$/.test(sender)
      ? 'name its addresses; `learn` takes them from the SPF record'
      : '`learn` takes the addresses from DNS';
    return [atValue([...path, 'senders', index], 'is not an IP address', fix)];
  });
}

function hostsAreNames({ hosts }: Written, path: ConfigPath): readonly ConfigFault[] {
  return list(hosts).flatMap((host, index) =>
    typeof host === 'string' && isIP(host) !== 0
      ? [atValue([...path, 'hosts', index], 'is an address: a certificate is for a name')]
      : [],
  );
}

function ignoreFaults(entry: unknown, path: ConfigPath, now: number): readonly ConfigFault[] {
  const { code, until } = record(entry) ?? {};
  return [...codeFaults(code, [...path, 'code']), ...dateFaults(until, [...path, 'until'], now)];
}

const CODES = Object.keys(POSTURE_CODES) as PostureCode[];
const IGNORABLE = CODES.filter((code) => ['warn', 'fail'].includes(POSTURE_CODES[code].outcome));

function codeFaults(code: unknown, path: ConfigPath): readonly ConfigFault[] {
  const known = CODES.find((one) => one === code);
  if (typeof code !== 'string' || IGNORABLE.some((one) => one === code)) return [];
  if (known !== undefined)
    return [atValue(path, `is never told: \`${code}\` is a finding that ${WORDS[POSTURE_CODES[known].outcome] ?? ''}`)];
  const close = closestWord(code, IGNORABLE);
  const fix = close === null ? 'docs/posture.md lists every code' : `did you mean \`${close}\`?`;
  return [atValue(path, 'is not the code of a finding', fix)];
}

const WORDS: Readonly<Record<string, string>> = { pass: 'passes', unable: 'says that nothing is known' };

function dateFaults(until: unknown, path: ConfigPath, now: number): readonly ConfigFault[] {
  if (typeof until !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(until)) return [];
  const at = Date.parse(`${until}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== until)
    return [atValue(path, 'is a day that no calendar has')];
  if (at >= now - DAY) return [];
  return [atValue(path, 'is in the past: the finding would be told', 'give a later day, or remove the entry')];
}

const DAY = 24 * 3_600_000;
