/** What the config hides is in no file that is published of a whole history: with incidents, alerts, mutes and shards. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { openPublisher } from '../../../local/web/publisher.ts';
import type { SiteFile } from '../../../web/site-file.ts';
import { fleetEnd, recordFleet } from '../../history/example-fleet.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const HOUR = 3_600_000;
let table: Table;

beforeAll(async () => {
  const clock = { now: () => fleetEnd };
  const memory = openInMemoryTable(() => clock.now());
  await recordFleet((now) => {
    clock.now = now;
    return memory;
  });
  clock.now = () => fleetEnd;
  table = memory;
  const windows = openWindowStore(table);
  const mute = { from: fleetEnd - HOUR, until: fleetEnd + HOUR, why: 'relay.example.com moves', by: 'ops', version: 1 };
  await windows.writeMute({ ...mute, id: 'mute-1', targets: ['mx2', 'relay'] });
  const kept = { kind: 'mute', id: 'mute-0', why: 'relay.example.com', subjects: null } as const;
  await windows.keep({ ...kept, from: fleetEnd - 3 * HOUR, until: fleetEnd - 2 * HOUR });
});

afterEach(() => void vi.restoreAllMocks());

const TARGETS = `  - { id: mx1, host: mx1.example.com }
  - { id: mx2, host: mx2.example.com }
  - { id: submission, host: 192.0.2.25, port: 587 }
  - { id: inbound, domain: example.com }
  - { id: relay, host: relay.example.com, tags: [inner] }
`;

/** With as much time as it takes. */
async function published(statusPage: string, targets = TARGETS): Promise<ReadonlyMap<string, SiteFile>> {
  const parsed = parseConfig(
    `statusPage: ${statusPage}
every: 5m
vantages: [us-east-1, eu-west-1, ap-southeast-1]
ehloName: probe.example.com
targets:
${targets}`,
    'smtp-quorum.yaml',
    () => '',
  );
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  vi.spyOn(performance, 'now').mockReturnValue(0);
  let files: ReadonlyMap<string, SiteFile> = new Map();
  const server = {
    url: 'http://127.0.0.1:8080',
    publish: (next: ReadonlyMap<string, SiteFile>) => {
      files = next;
    },
  };
  await openPublisher(parsed.config, table, server, () => fleetEnd).publish();
  return files;
}

/** Hosts and addresses; what servers say, and have; who acknowledged; reasons. */
const HIDDEN: readonly RegExp[] = [
  /example\.com/,
  /192\.0\.2\.|198\.51\.100\./,
  /no service here|5\.7\.1/,
  /PIPELINING|10240000|STARTTLS\b/,
  /TLSv1/,
  /Example CA|3f2a9c0d|77aa77aa/,
  /greeting 554|no answer from/,
  /\bops\b/,
  /moves/,
];
/** What all pages have of themselves. */
const OWN = /\.(?:js|css)$/;

function filesWith(files: ReadonlyMap<string, SiteFile>, pattern: RegExp): readonly string[] {
  return [...files].flatMap(([path, { body }]) =>
    !OWN.test(path) && (pattern.test(path) || pattern.test(body)) ? [path] : [],
  );
}

describe('names alone, and one target not at all', () => {
  const page = '{ access: public, show: { relay: none } }';

  test.each(HIDDEN)('no file has %s', async (pattern) => {
    expect(filesWith(await published(page), pattern)).toEqual([]);
  });

  test('the target that is not shown is nowhere', async () => {
    const files = await published(page);
    expect(filesWith(files, /relay|\binner\b/)).toEqual([]);
    expect(files.get('index.html')?.body).toContain('4 mail servers');
    expect(filesWith(files, /"mx2"/).length).toBeGreaterThan(3);
  });

  test('figures of the others are there, in shards, too', async () => {
    const files = await published(page);
    const shards = [...files.keys()].filter((path) => path.startsWith('data/'));
    expect(shards.filter((path) => path.includes('mx1')).length).toBeGreaterThan(3);
    expect(filesWith(files, /greeting-refused/)).toContain('snapshot.json');
  });
});

test('targets that all have new names, before they are judged: the former ones, of which the rules say nothing, are nowhere', async () => {
  const renamed = TARGETS.replace(/id: /g, 'id: new-');
  const files = await published('{ access: private, allow: [192.0.2.1], show: { new-relay: none } }', renamed);
  expect(filesWith(files, /"new-mx1"/)).toContain('snapshot.json');
  expect(filesWith(files, /(?<![\w-])(?:relay|inbound|mx2)["<@]/)).toEqual([]);
  expect(files.get('index.html')?.body).toContain('4 mail servers');
});

test('where all is shown, it is there: the same history has all of that', async () => {
  const files = await published('{ access: private, allow: [192.0.2.1] }');
  for (const pattern of [...HIDDEN, /relay/]) expect(filesWith(files, pattern), String(pattern)).not.toEqual([]);
  const shards = filesWith(files, /198\.51\.100\.24/).filter((path) => path.startsWith('data/'));
  expect(shards.length).toBeGreaterThan(0);
});
