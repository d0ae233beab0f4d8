import { describe, expect, test } from 'vitest';
import { countSesEvents } from '../../lambda/bounce-watch/count-ses-events.ts';
import { MAIL_PROVIDER_LIMITS, openMailProviders, type ResolveMx } from '../../lambda/bounce-watch/mail-providers.ts';
import { sumRows } from '../../lambda/bounces/counts.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import type { BusEvent } from '../../lambda/ports.ts';
import { BODY, RECIPIENT, SES_TYPES, SUBJECT, sesEvent } from '../bounces/ses/ses-events.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const NOW = Date.parse('2026-11-26T09:15:00Z');

const MX: Readonly<Record<string, string>> = {
  'mail.example.net': 'mail-example-net.mail.protection.outlook.com',
  'example.org': 'aspmx.l.google.com',
};

const resolveMx: ResolveMx = async (domain) => {
  const exchange = MX[domain];
  if (exchange === undefined) throw Object.assign(new Error('queryMx ENOTFOUND'), { code: 'ENOTFOUND' });
  return [{ exchange, priority: 10 }];
};

function world() {
  const table = openInMemoryTable(() => NOW);
  const history = openBounceHistory(table, { now: () => NOW });
  const events: BusEvent[] = [];
  const ports = {
    history,
    providers: openMailProviders(resolveMx, () => NOW),
    publishEvents: async (put: readonly BusEvent[]) => void events.push(...put),
  };
  const count = (...bodies: readonly (object | string)[]) =>
    countSesEvents(ports, {
      Records: bodies.map((body) => ({ body: typeof body === 'string' ? body : JSON.stringify(body) })),
    });
  const rows = async () => sumRows(await history.lastDay(NOW, 0), 0, NOW + 3_600_000);
  return { table, events, count, rows };
}

test('all kinds of events are counted by the provider of the recipient, in one write for each slot', async () => {
  const { count, rows } = world();
  const all = SES_TYPES.map((type) => sesEvent(type));
  expect(await count(...all)).toEqual({ counted: 5, repeated: 0, late: 0, unreadable: 0, writes: 1 });
  expect(await rows()).toMatchObject([
    {
      from: 'example.com',
      provider: 'Microsoft',
      ...{ delivered: 1, bounced: 1, complained: 1, deferred: 1, rejected: 0 },
      codes: { '5.7.515': { bounced: 1 }, '4.2.2': { deferred: 1 } },
    },
    { provider: 'others', rejected: 1 },
  ]);
});

test('events that arrive twice, in other batches, count once', async () => {
  const { count, rows } = world();
  const all = SES_TYPES.map((type) => sesEvent(type));
  await count(...all.slice(0, 3));
  expect(await count(...all, ...all)).toMatchObject({ counted: 2, repeated: 8 });
  expect((await rows()).reduce((sum, row) => sum + row.delivered + row.bounced + row.complained, 0)).toBe(3);
});

describe('the judge is woken', () => {
  test.each([
    ['by a bounce', 'Email Bounced', 1],
    ['by a complaint', 'Email Complaint Received', 1],
    ['not by a delivery', 'Email Delivered', 0],
    ['not by a delay', 'Email Delivery Delayed', 0],
  ] as const)('%s', async (_, type, times) => {
    const { count, events } = world();
    await count(sesEvent(type));
    expect(events).toEqual(
      Array.from({ length: times }, () => ({ type: 'Bounces Recorded', detail: { source: 'ses' } })),
    );
    await count(sesEvent(type));
    expect(events).toHaveLength(times);
  });
});

test('what is no event of SES is left out, and the others count', async () => {
  const { count } = world();
  const bodies = ['', '{', 'null', '[]', '{"source":"aws.ses"}', { ...sesEvent('Email Bounced'), detail: null }];
  expect(await count(...bodies, sesEvent('Email Bounced'))).toMatchObject({ counted: 1, unreadable: bodies.length });
});

test('no recipient, subject or body is stored or published', async () => {
  const { table, events, count } = world();
  const quoted = `smtp; 550 5.1.1 <${RECIPIENT}>: ${SUBJECT}: ${RECIPIENT.toUpperCase()} jane.roe`;
  const bounced = { bouncedRecipients: [{ emailAddress: RECIPIENT, diagnosticCode: quoted }] };
  await count(
    ...SES_TYPES.map((type) => sesEvent(type)),
    sesEvent('Email Bounced', { message: 'x', part: bounced, mail: { body: BODY } }),
  );
  const stored = JSON.stringify([await table.query('bounces', {}), events]);
  expect(stored).toContain('5.1.1');
  expect(stored).not.toMatch(/jane|roe@|invoice|november|dear|mail\.example\.net/i);
});

describe('providers', () => {
  const answer =
    (code: string): ResolveMx =>
    async () => {
      throw Object.assign(new Error(code), { code });
    };
  test.each<[string, ResolveMx, string]>([
    [
      'of the best MX host',
      async () => [
        { exchange: 'a.example.org', priority: 20 },
        { exchange: 'mx1.google.com', priority: 5 },
      ],
      'Google',
    ],
    ['the domain itself, without MX records', answer('ENODATA'), 'example.com'],
    ['no host, if there is no such domain', answer('ENOTFOUND'), 'no host reached'],
    ['no host for a null MX', async () => [{ exchange: '', priority: 0 }], 'no host reached'],
    ['others, if DNS fails', answer('ESERVFAIL'), 'others'],
    ['others, if DNS does not answer', () => new Promise(() => {}), 'others'],
  ])('%s', async (_, resolve, expected) => {
    const providers = openMailProviders(resolve, Date.now, { ...MAIL_PROVIDER_LIMITS, within: 50 });
    expect([...(await providers.providersOf(['example.com']))]).toEqual([['example.com', expected]]);
  });

  test('an answer is remembered, a failure is not, and memory is bounded', async () => {
    const asked: string[] = [];
    const resolve: ResolveMx = async (domain) => {
      asked.push(domain);
      if (domain === 'bad.example') throw Object.assign(new Error('x'), { code: 'ESERVFAIL' });
      return [{ exchange: 'mx.example.org', priority: 1 }];
    };
    const providers = openMailProviders(resolve, Date.now, { ...MAIL_PROVIDER_LIMITS, most: 2 });
    for (const domain of [
      'a.example',
      'a.example',
      'bad.example',
      'bad.example',
      'b.example',
      'c.example',
      'a.example',
    ])
      await providers.providersOf([domain, domain]);
    expect(asked).toEqual(['a.example', 'bad.example', 'bad.example', 'b.example', 'c.example', 'a.example']);
  });
});
