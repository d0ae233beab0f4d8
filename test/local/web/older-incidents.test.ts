import { expect, test } from 'vitest';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { type Statement, withdrawStatement } from '../../../lambda/history/statements/statement.ts';
import { openStatementStore } from '../../../lambda/history/statements/statement-store.ts';
import { openPublisher } from '../../../local/web/publisher.ts';
import { incidentPath } from '../../../web/pages/paths.ts';
import type { SiteFile } from '../../../web/site-file.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const start = Date.parse('2026-11-22T12:00:30Z');
const DAY = 86_400_000;

function ended(target: string, opened: number): Incident {
  const at = isoSeconds(opened);
  return {
    ...{ id: `${target}@${at}`, target, opened: at, closed: isoSeconds(opened + 600_000), verdict: 'down' },
    ...{ witnesses: [], timeline: [{ at, what: 'down' }] },
  };
}

async function openPage(incidents: readonly Incident[], statusPage = '{ access: public }') {
  const clock = { now: start };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  for (const incident of incidents) await history.writeIncident(incident);
  const parsed = parseConfig(
    `statusPage: ${statusPage}
vantages: [local]
targets:
  - { id: mx1, host: mx1.example.com }
  - { id: mx2, host: mx2.example.com }
`,
    'smtp-quorum.yaml',
    () => '',
  );
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  let files: ReadonlyMap<string, SiteFile> = new Map();
  const server = {
    url: 'http://127.0.0.1:8080',
    publish: (next: ReadonlyMap<string, SiteFile>) => {
      files = next;
    },
  };
  /** In the beginning of what cannot be read. */
  let broken: string | null = null;
  const query: typeof table.query = async (pk, range) => {
    if (broken !== null && range?.from?.includes(broken)) throw new Error('the disk failed');
    return table.query(pk, range);
  };
  const store = openStatementStore(table);
  const options = { elapsed: () => clock.now };
  const { publish } = openPublisher(parsed.config, { ...table, query }, server, () => clock.now, options);
  return {
    say: async ({ id }: Incident, statements: readonly Statement[]) => {
      await store.writeStatements(await store.statements(id), statements);
    },
    breakReads: (from: string | null) => {
      broken = from;
    },
    publish: async (at: number) => {
      clock.now = at;
      await publish();
    },
    text: (path: string) => String(files.get(path)?.body ?? ''),
    count: () => [...files.keys()].filter((path) => path.startsWith('incidents/')).length,
  };
}

test('the page of an incident that is no longer listed stays, also after a start', async () => {
  const old = ended('mx1', start - 91 * DAY);
  const page = await openPage([old, ended('mx2', start - DAY)]);
  await page.publish(start);
  expect(page.text(incidentPath(old.id))).toContain('<h1>mx1: ended incident</h1>');
  expect(page.text('index.html')).not.toContain(incidentPath(old.id));
});

test('the page stays on the day on which the first page lists its incident no longer', async () => {
  const incident = ended('mx1', start - 89 * DAY);
  const page = await openPage([incident]);
  await page.publish(start);
  expect(page.text('index.html')).toContain(incidentPath(incident.id));
  await page.publish(start + 2 * DAY);
  expect(page.text('index.html')).not.toContain(incidentPath(incident.id));
  expect(page.text(incidentPath(incident.id))).toContain('<h1>mx1: ended incident</h1>');
});

test('many pages are made in some publications, so that probes do not wait', async () => {
  const incidents = Array.from({ length: 50 }, (_, nth) => ended('mx1', start - (100 + nth) * DAY));
  const page = await openPage(incidents);
  const counts: number[] = [];
  for (let nth = 0; nth < 4; nth++) {
    await page.publish(start + nth * 60_000);
    counts.push(page.count());
  }
  expect(counts).toEqual([20, 40, 50, 50]);
  expect(page.text(incidentPath(incidents.at(-1)?.id ?? ''))).toContain('mx1');
});

test('what is hidden has no page, however old it is', async () => {
  const [shown, hidden] = [ended('mx1', start - 100 * DAY), ended('mx2', start - 100 * DAY)];
  const page = await openPage([shown, hidden], '{ access: public, show: { mx2: none } }');
  for (const minute of [0, 1, 11, 12]) await page.publish(start + minute * 60_000);
  expect(page.count()).toBe(1);
  expect(page.text(incidentPath(hidden.id))).toBe('');
});

test('there is no publication without the page of an incident that the first page has just ceased to list', async () => {
  const [first, second] = [ended('mx1', start - 89 * DAY), ended('mx2', start - 90 * DAY - 7 * 60_000)];
  const page = await openPage([first, second]);
  // The incident of mx2 is listed for three more minutes.
  for (const minute of [0, 2, 4, 6]) {
    await page.publish(start + minute * 60_000);
    expect(page.text(incidentPath(second.id))).toContain('<h1>mx2: ended incident</h1>');
  }
  expect(page.text('index.html')).not.toContain(incidentPath(second.id));
});

test('what people say of an old incident is on its page, and what they withdraw is not', async () => {
  const old = ended('mx1', start - 100 * DAY);
  const page = await openPage([old]);
  const [at, by] = [isoSeconds(start), 'ops@example.com'];
  const said: readonly Statement[] = [
    { number: 1, at, by, state: 'resolved', text: 'The key of a customer was lost.' },
  ];
  await page.publish(start);
  await page.say(old, said);
  await page.publish(start + 11 * 60_000);
  expect(page.text(incidentPath(old.id))).toContain('The key of a customer was lost.');
  await page.say(old, withdrawStatement(said, 1, { at, by }) ?? []);
  await page.publish(start + 22 * 60_000);
  expect(page.text(incidentPath(old.id))).toContain('<h1>mx1: ended incident</h1>');
  expect(page.text(incidentPath(old.id))).not.toContain('customer');
});

test('an old incident that cannot be read holds up neither the page nor others, is told, and is read later', async () => {
  const [bad, ...others] = Array.from({ length: 25 }, (_, nth) => ended('mx1', start - (100 + nth) * DAY));
  const page = await openPage([...(bad === undefined ? [] : [bad]), ...others]);
  page.breakReads(bad?.opened.slice(0, 10) ?? '');
  await expect(page.publish(start)).rejects.toThrow('the disk failed');
  expect(page.text('index.html')).toContain('mx1');
  await page.publish(start + 60_000);
  expect(page.count()).toBe(5);
  page.breakReads(null);
  for (const minute of [12, 13]) await page.publish(start + minute * 60_000);
  expect(page.count()).toBe(25);
});
