/** Rules between values of `statusPage`. */
import { isIP } from 'node:net';
import { closestWord } from '../../../standards/spelling.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import { matchesGlob } from '../../schema/notify/glob.ts';
import { isWholeRange, parseAddressRange, wholeRangeText } from '../../schema/page/address-range.ts';
import type { ConfigFault } from '../problem.ts';
import {
  atKey,
  atValue,
  duplicates,
  isLocal,
  list,
  record,
  subjectNames,
  type Written,
} from '../rule-building-blocks.ts';
import { secretPlaceFaults } from './secret-place.ts';

export function statusPageRules(config: Written): readonly ConfigFault[] {
  const page = record(config.statusPage);
  if (page === null) return [];
  const local = isLocal(config);
  return [
    ...accessIsChosen(page, local),
    ...privateHasWayIn(page, local),
    ...waysInArePrivate(page),
    ...allowedRanges(page),
    ...secretPlaceFaults(page.password, ['statusPage', 'password'], local),
    ...domainIsName(page),
    ...(local ? certificateIsForAws(page) : domainHasCertificate(page)),
    ...shownNames(config, page),
  ];
}

/** What stands there and makes no page would be overlooked. */
function accessIsChosen({ access }: Written, local: boolean): readonly ConfigFault[] {
  if (local || access !== undefined) return [];
  return [atKey(['statusPage', 'access'], 'is missing: on AWS write `public`, `private` or `off`')];
}

function privateHasWayIn({ access, allow, password }: Written, local: boolean): readonly ConfigFault[] {
  if (access !== 'private' || allow !== undefined || password !== undefined) return [];
  const place = local ? '{ env: VARIABLE }' : '{ secret: NAME }';
  return [
    atValue(
      ['statusPage', 'access'],
      'is private, and nobody can read it',
      `add \`password: ${place}\`, or \`allow\` with the addresses of readers`,
    ),
  ];
}

function waysInArePrivate(page: Written): readonly ConfigFault[] {
  if (page.access === 'private') return [];
  return ['allow', 'password']
    .filter((key) => page[key] !== undefined)
    .map((key) => atKey(['statusPage', key], 'is for `access: private`', 'write `access: private`, or omit this key'));
}

function allowedRanges(page: Written): readonly ConfigFault[] {
  const path = ['statusPage', 'allow'];
  const entries = list(page.allow);
  return [
    ...entries.flatMap((entry, index) => (typeof entry === 'string' ? rangeFaults(entry, [...path, index]) : [])),
    ...duplicates(entries).map(({ index, first, value }) =>
      atValue([...path, index], `"${value.slice(0, 60)}" is already allow[${first}]`),
    ),
  ];
}

function rangeFaults(written: string, path: ConfigPath): readonly ConfigFault[] {
  const range = parseAddressRange(written);
  if (range === null)
    return [
      atValue(path, 'is neither an IP address nor a range', 'write `192.0.2.7`, `192.0.2.0/24` or `2001:db8::/32`'),
    ];
  if (range.prefix === 0) return [atValue(path, 'is everybody', 'write `access: public` for a page that all can read')];
  if (isWholeRange(range)) return [];
  return [atValue(path, 'has bits behind its prefix', `did you mean \`${wholeRangeText(range)}\`?`)];
}

function domainIsName({ domain }: Written): readonly ConfigFault[] {
  if (typeof domain !== 'string' || /[/@]/.test(domain)) return [];
  const path = ['statusPage', 'domain'];
  if (isIP(domain) !== 0) return [atValue(path, 'is not a host name', 'write a name such as `status.example.com`')];
  if (/[^.]\.[^.]/.test(domain)) return [];
  return [atValue(path, 'is not a host name of the public Internet', 'write a name such as `status.example.com`')];
}

function certificateIsForAws({ certificateArn }: Written): readonly ConfigFault[] {
  if (certificateArn === undefined) return [];
  return [atKey(['statusPage', 'certificateArn'], 'is for AWS: one machine serves the page without TLS', 'omit it')];
}

function domainHasCertificate({ domain, certificateArn }: Written): readonly ConfigFault[] {
  const request = 'request one in AWS Certificate Manager in us-east-1, and write its ARN';
  if (certificateArn === undefined)
    return domain === undefined ? [] : [atValue(['statusPage', 'domain'], 'needs `certificateArn` on AWS', request)];
  const path = ['statusPage', 'certificateArn'];
  if (typeof certificateArn !== 'string') return [];
  const [, region] = /^arn:aws:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f-]{36}$/.exec(certificateArn) ?? [];
  if (region === undefined)
    return [
      atValue(
        path,
        'is not the ARN of a certificate of ACM',
        'write `arn:aws:acm:us-east-1:123456789012:certificate/` and its id',
      ),
    ];
  if (region !== 'us-east-1')
    return [atValue(path, `is of ${region}: CloudFront takes certificates of us-east-1 only`, request)];
  return domain === undefined
    ? [atKey(path, 'needs `domain`: the name that the certificate is for', 'add `domain: status.example.com`')]
    : [];
}

function shownNames(config: Written, page: Written): readonly ConfigFault[] {
  const names = subjectNames(config);
  return Object.keys(record(page.show) ?? {}).flatMap((pattern) => {
    const path = ['statusPage', 'show', pattern];
    if (!/^[A-Za-z0-9._*?-]{1,253}$/.test(pattern))
      return [
        atKey(
          path,
          'must be a name of letters, digits, dots, dashes and underscores, in which `*` stands for any characters and `?` for one',
        ),
      ];
    if (names.some((name) => matchesGlob(pattern, name))) return [];
    // Which domains send is not known before mail is counted.
    if (config.bounces !== undefined && pattern.includes('.')) return [];
    const meant = /[*?]/.test(pattern) ? null : closestWord(pattern, names);
    const all = names.length === 0 ? null : `targets: ${names.slice(0, 10).join(', ')}`;
    return [atKey(path, 'matches no target', meant === null ? all : `did you mean \`${meant}\`?`)];
  });
}
