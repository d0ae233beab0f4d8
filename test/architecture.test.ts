/** Holds the tree to the plan of docs/architecture.md: rooms import downwards, nothing in circles, each name once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Rooms from the lowest to the highest. A file belongs to the longest path that it begins with, and imports from lower rooms. */
const floors: readonly string[] = [
  'lambda/wire',
  'lambda/dns',
  'lambda/standards',
  'lambda/smtp/bounds',
  'lambda/smtp/sample',
  'lambda/smtp/endpoint',
  'lambda/smtp/failures',
  'lambda/smtp/redaction',
  'lambda/smtp/replies',
  'lambda/smtp/sasl',
  'lambda/smtp/session',
  'lambda/smtp/tls',
  'lambda/smtp',
  'lambda/mailbox/failures',
  'lambda/mailbox/session',
  'lambda/mailbox/dialogue',
  'lambda/imap',
  'lambda/pop3',
  'lambda/mailbox',
  'lambda/posture/codes',
  'lambda/posture',
  'lambda/bounces',
  'lambda/bounces/postfix',
  'lambda/bounces/ses',
  'lambda/bounces/dsn',
  'lambda/trip/message',
  'lambda/trip/hops',
  'lambda/trip/alterations',
  'lambda/trip/verdict',
  'lambda/trip',
  'lambda/calendar',
  'lambda/consensus/news',
  'lambda/consensus/judgement',
  'lambda/consensus/drill',
  'lambda/consensus/notification',
  'lambda/consensus/vote',
  'lambda/consensus/quorum',
  'lambda/consensus/incident',
  'lambda/consensus/facts',
  'lambda/consensus/posture',
  'lambda/consensus/trips',
  'lambda/consensus/bounces',
  'lambda/consensus',
  'lambda/config/schema',
  'lambda/config/problems',
  'lambda/config/problems/checks',
  'lambda/config',
  'lambda/history/table',
  'lambda/history/packing',
  'lambda/history/rollup',
  'lambda/history/posture',
  'lambda/history/trips',
  'lambda/history/bounces',
  'lambda/history/notifications',
  'lambda/history/drills',
  'lambda/history/windows',
  'lambda/history/statements',
  'lambda/history',
  'lambda/alert/windows',
  'lambda/alert/words',
  'lambda/alert/drill',
  'lambda/alert/independence',
  'lambda/alert/channels',
  'lambda/alert/routing',
  'lambda/alert/delivery',
  'lambda/alert/subscriptions',
  'lambda/reports/source',
  'lambda/reports/samples',
  'lambda/reports/status',
  'lambda/reports/replay',
  'lambda/reports/planned',
  'lambda/reports/uptime',
  'lambda/reports/posture',
  'lambda/reports/bounces',
  'lambda/reports/trips',
  'lambda/reports/cost',
  'lambda/reports/history-shards',
  'lambda/reports/visibility',
  'lambda/reports/snapshot',
  'lambda/reports/months',
  'lambda/reports',
  'web/markup',
  'web/history',
  'web/pages',
  'web/script/history',
  'web/script',
  'web/documents',
  'web',
  'lambda',
  'lambda/aws',
  'lambda/deliver',
  'lambda/notify',
  'lambda/probe/capacity',
  'lambda/probe/reachability',
  'lambda/probe',
  'lambda/judge/pass',
  'lambda/judge/routing',
  'lambda/judge',
  'lambda/rollup',
  'lambda/publish',
  'lambda/posture-watch',
  'lambda/mailbox-check',
  'lambda/trip-run',
  'lambda/bounce-watch',
  'lambda/bounce-mailbox',
  'lambda/answer/incidents',
  'lambda/answer',
  'local/bounces',
  'local/web',
  'local/schedules',
  'local/answers',
  'local/demo',
  'local',
  'lib/naming',
  'lib/iam',
  'lib/network',
  'lib/quotas',
  'lib/deployment',
  'lib/function',
  'lib/monitoring',
  'lib/posture',
  'lib/trips',
  'lib/bounces',
  'lib/answers',
  'lib/probe',
  'lib/page',
  'lib/home',
  'lib',
  'lib/app',
  'bin/arguments',
  'bin/store',
  'bin/doctor',
  'bin/display/layout',
  'bin/display/probe',
  'bin/display/posture',
  'bin/display/roundtrip',
  'bin/display/bounces',
  'bin/display/planned',
  'bin/display/statements',
  'bin/display/live',
  'bin/display/tables',
  'bin/display/report',
  'bin/init',
  'bin/alerts',
  'bin/commands',
  'bin',
];

/** Rooms that do not know each other, whichever is lower. */
const strangers: readonly (readonly [string, string])[] = [
  ['lambda/consensus', 'lambda/smtp'],
  ['lambda/consensus', 'lambda/mailbox'],
  ['lambda/imap', 'lambda/pop3'],
  ['lambda/consensus', 'lambda/dns'],
  ['lambda/consensus', 'lambda/standards'],
  ['lambda/smtp', 'lambda/standards'],
  ['lambda/alert', 'lambda/history'],
  ['lambda/reports', 'lambda/alert/channels'],
  ['lib', 'local'],
];

/** Folders whose files import nothing but Node. */
const pure = /^lambda\/(wire|smtp|mailbox|imap|pop3|dns|standards|posture|bounces|trip|consensus)\//;

/** Exported names that two files may define. */
const repeated: ReadonlySet<string> = new Set(['handler']);

const mostFilesInAFolder = 15;
const mostLinesInAFile = 300;

function sources(folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

const files = ['lambda', 'local', 'lib', 'web', 'bin'].flatMap(sources);
const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

/** Every specifier in a file: of imports, exports, types and calls of `import()`. */
function specifiersOf(file: string, text = texts.get(file) ?? ''): readonly string[] {
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map((match) => match[1] ?? '');
}

const imports = new Map(
  files.map((file) => {
    const own = specifiersOf(file).filter((specifier) => specifier.startsWith('.'));
    return [file, own.map((specifier) => path.join(path.dirname(file), specifier)).filter((to) => texts.has(to))];
  }),
);

function isIn(room: string, file: string): boolean {
  return file.startsWith(`${room}/`);
}

function floorOf(file: string): number {
  const rooms = floors.filter((room) => isIn(room, file));
  return floors.indexOf(rooms.sort((a, b) => b.length - a.length)[0] ?? '');
}

test('each file belongs to a room of the plan, and each room has files', () => {
  expect(files.filter((file) => floorOf(file) === -1)).toEqual([]);
  const empty = floors.filter((room) => !files.some((file) => isIn(room, file)));
  expect(empty).toEqual([]);
});

test.each(files)('%s imports downwards only', (file) => {
  const astray = (imports.get(file) ?? []).filter((to) => {
    const known = strangers.some(([a, b]) => (isIn(a, file) && isIn(b, to)) || (isIn(b, file) && isIn(a, to)));
    return known || floorOf(to) > floorOf(file);
  });
  expect(astray).toEqual([]);
});

/** The chain of imports that leads from a file back to itself; null where none does. */
function circleFrom(start: string): readonly string[] | null {
  const seen = new Set<string>();
  const walk = (file: string, chain: readonly string[]): readonly string[] | null => {
    for (const to of imports.get(file) ?? []) {
      if (to === start) return [...chain, to];
      if (seen.has(to)) continue;
      seen.add(to);
      const found = walk(to, [...chain, to]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

test('no import leads in a circle, types included', () => {
  const circles = files.flatMap((file) => circleFrom(file)?.join(' -> ') ?? []);
  expect(circles).toEqual([]);
});

/** Packages that one room may import. */
const allowed: readonly (readonly [room: string, specifier: string])[] = [['lambda/dns/messages', 'dns-packet']];

test('the pure rooms import nothing but Node and what is allowed', () => {
  const foreign = files
    .filter((file) => pure.test(file))
    .flatMap((file) => {
      const others = specifiersOf(file).filter((specifier) => !/^(node:|\.)/.test(specifier));
      return others.flatMap((specifier) =>
        allowed.some(([room, name]) => isIn(room, file) && name === specifier) ? [] : [`${file}: ${specifier}`],
      );
    });
  expect(foreign).toEqual([]);
});

/** The files that are in a bundle with this one: types are not. */
function codeImports(file: string): readonly string[] {
  const code = (texts.get(file) ?? '').replace(/^(?:import|export) type [^;]*;/gm, '');
  const own = specifiersOf(file, code).map((specifier) => path.join(path.dirname(file), specifier));
  return own.filter((to) => texts.has(to));
}

// Node may collect the timeout in `AbortSignal.any` as garbage: https://github.com/nodejs/node/issues/57736.
test('limits of time are those of lambda/wire/time-limit.ts', () => {
  const others = files.filter((file) => /\bAbortSignal\.(?:any|timeout)\(/.test(texts.get(file) ?? ''));
  expect(others).toEqual([]);
});

test('one Lambda function alone has the code of posture checks', () => {
  const handlers = files.filter((file) => /^lambda\/[\w-]+\/handler\.ts$/.test(file));
  const reached = new Set(handlers.filter((file) => !isIn('lambda/posture-watch', file)));
  expect(handlers.length).toBe(reached.size + 1);
  for (const file of reached) for (const to of codeImports(file)) reached.add(to);
  expect(reached.size).toBeGreaterThan(100);
  // The others have types of findings, and words of codes, of which a bundle has nothing.
  const checks = [...reached].filter((file) => /^lambda\/posture\/(?:checks|zones|check-posture)/.test(file));
  expect(checks).toEqual([]);
});

test('each exported name stands for one thing', () => {
  const exported =
    /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm;
  const homes = new Map<string, string[]>();
  for (const [file, text] of texts) {
    for (const [, name = ''] of text.matchAll(exported)) homes.set(name, [...(homes.get(name) ?? []), file]);
  }
  const twice = [...homes].filter(([name, in_]) => new Set(in_).size > 1 && !repeated.has(name));
  expect(Object.fromEntries(twice)).toEqual({});
});

test('a room has no more than 15 files', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > mostFilesInAFolder)).toEqual([]);
});

test('a room of more than five files says what it is for', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  const silent = [...counts].filter(
    ([folder, count]) => count > 5 && !existsSync(path.join(root, folder, 'README.md')),
  );
  expect(silent.map(([folder]) => folder)).toEqual([]);
});

/** Pages about the tree, and the files that they name. The table of old names is history. */
const pages = ['docs/architecture.md', ...files.map((file) => `${path.dirname(file)}/README.md`)];

test.each([...new Set(pages)].filter((page) => existsSync(path.join(root, page))))(
  '%s names files that exist',
  (page) => {
    const [present = ''] = readFileSync(path.join(root, page), 'utf8').split('## Old names');
    const named = [...present.matchAll(/[\w./-]+\.ts\b/g)].map(([name]) => name);
    const exists = (name: string) =>
      existsSync(path.join(root, name)) ||
      existsSync(path.join(root, path.dirname(page), name)) ||
      files.some((file) => `/${file}`.endsWith(`/${name}`));
    expect(named.filter((name) => !exists(name))).toEqual([]);
  },
);

test('a file has one noun: no more than 300 lines', () => {
  const long = files.filter((file) => (texts.get(file) ?? '').split('\n').length > mostLinesInAFile + 1);
  expect(long).toEqual([]);
});

test('no file is called by what it is not', () => {
  expect(files.filter((file) => /(utils?|helpers?|common|shared|manager|types)\.ts$/.test(file))).toEqual([]);
});
