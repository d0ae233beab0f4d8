import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wantsAlert } from '../../../lambda/alert/channels/alert-filter.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { Alert, AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import type { PostureNews, ToldFinding } from '../../../lambda/consensus/news/posture-news.ts';
import { isAlert } from '../../../lambda/history/packing/judgement-item.ts';
import { found, listed } from '../../consensus/posture/runs.ts';
import { sightsOf, tellPosture } from '../../consensus/posture/stories.ts';
import { alertOfEachKind } from '../alert-of-each-kind.ts';
import { context } from '../alerts.ts';

const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');

const SEES = {
  L: [listed('192.0.2.25')],
  B: [listed('192.0.2.25'), listed('192.0.2.26')],
  S: [
    found('spf-several', 'example.com', {
      detail: 'the domain has 2 SPF records',
      publish: ['example.com. IN TXT "v=spf1 mx a -all"'],
      command: 'dig +short TXT example.com',
      evidence: ['v=spf1 mx -all', 'v=spf1 a -all'],
    }),
    found('dmarc-policy-none', 'example.com', { detail: 'v=DMARC1; p=none' }),
  ],
};

function toldBy(row: string, vantages: readonly string[] = ['us-east-1', 'eu-west-1'], step = 15): readonly Alert[] {
  const sights = Object.fromEntries(vantages.map((vantage) => [vantage, sightsOf(row, SEES)]));
  return tellPosture({ sights, step }).told.map(({ alert }) => alert);
}

describe('the first line has what was measured', () => {
  const cases: readonly [string, readonly Alert[], string][] = [
    [
      'a listing',
      toldBy('.LLL'),
      'example.com: 192.0.2.25 is listed on zen.spamhaus.org (127.0.0.3 CSS: source of spam), seen from 2 regions since 05:15 UTC: receivers that use this list refuse its mail',
    ],
    [
      'two listings',
      toldBy('.BBB'),
      'example.com: 192.0.2.25 is listed on zen.spamhaus.org (127.0.0.3 CSS: source of spam), seen from 2 regions since 05:15 UTC, and 1 more: receivers that use this list refuse its mail',
    ],
    [
      'on one machine',
      toldBy('.LLL', ['local']),
      'example.com: 192.0.2.25 is listed on zen.spamhaus.org (127.0.0.3 CSS: source of spam), seen from this machine since 05:15 UTC: receivers that use this list refuse its mail',
    ],
    [
      'the end of a listing',
      toldBy('.LLL..'),
      'example.com: 192.0.2.25 is no longer listed on zen.spamhaus.org, seen from 2 regions: it lasted 1 h, from 05:15 UTC',
    ],
    [
      'a reminder',
      toldBy('L'.repeat(27), undefined, 60),
      'example.com: 192.0.2.25 is still listed on zen.spamhaus.org (127.0.0.3 CSS: source of spam), seen from 2 regions since 2026-11-22 05:00 UTC: receivers that use this list refuse its mail',
    ],
    [
      'a record',
      toldBy('.SSS'),
      'example.com: the domain has 2 SPF records (spf-several), seen from 2 regions since 05:15 UTC',
    ],
    [
      'the end of it',
      toldBy('.SSS..'),
      'example.com: spf-several is over, seen from 2 regions: it lasted 1 h, from 05:15 UTC',
    ],
  ];

  test.each(cases)('%s', (_, alerts, expected) => {
    const last = alerts.at(-1);
    if (last === undefined) throw new Error('no alert');
    expect(alertTexts(last, context).default).toBe(expected);
  });

  test('a domain that has the name of a target has not its endpoint', () => {
    const [alert] = toldBy('.LLL');
    const mx1 = { ...alert, subject: 'mx1' } as Alert;
    expect(JSON.parse(alertTexts(mx1, context).https).endpoint).toBeNull();
  });
});

describe('docs/alerts.md', () => {
  const [listing] = toldBy('.LLL');
  const [record] = toldBy('.SSS');
  if (listing === undefined || record === undefined) throw new Error('no alert');

  test('has the texts of a listing', () => {
    const { subject, default: line, sms } = alertTexts(listing, context);
    expect(page).toContain(`\`${subject}\``);
    expect(page).toContain(`> ${line}\n`);
    expect(page).toContain(`> ${sms}\n`);
  });

  test('has the e-mail about a record', () => {
    expect(page).toContain(`\`\`\`text\n${alertTexts(record, context).email}\`\`\``);
  });
});

test('a program gets what a person gets', () => {
  const [alert] = toldBy('.SSS');
  if (alert === undefined) throw new Error('no alert');
  expect(JSON.parse(alertTexts(alert, context).https)).toMatchObject({
    kind: 'posture',
    subject: 'example.com',
    was: 'up',
    is: 'degraded',
    votes: [{ vote: 'down' }, { vote: 'down' }],
    incident: { opened: '2026-11-22T05:15:00Z', closed: null },
    posture: {
      findings: [
        {
          code: 'spf-several',
          subject: 'example.com',
          since: '2026-11-22T05:15:00Z',
          vantages: ['us-east-1', 'eu-west-1'],
          publish: ['example.com. IN TXT "v=spf1 mx a -all"'],
          command: 'dig +short TXT example.com',
        },
      ],
      more: 0,
      warnings: [{ code: 'dmarc-policy-none', subject: 'example.com' }],
    },
    truncated: false,
  });
});

describe('who gets it', () => {
  const alertOf = (kind: AlertKind) => ({ kind, is: 'degraded' }) as Alert;
  test.each([
    ['listed', 'listed', true],
    ['listed', 'delisted', true],
    ['listed', 'posture', false],
    ['posture', 'posture', true],
    ['posture', 'posture-over', true],
    ['posture', 'listed', false],
    ['down', 'listed', false],
    ['degraded', 'posture', false],
    ['recovered', 'delisted', false],
  ] as const)('`when: [%s]` and %s: %s', (topic, kind, expected) => {
    expect(wantsAlert({ when: [topic] }, alertOf(kind))).toBe(expected);
  });
});

describe('hostile texts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('\x1b[31mred\x1b[0m', 'a\r\nBcc: b', '"\\"\\"'.repeat(3000), '\u0001'.repeat(9000), '1 on 2 on 3'),
  );
  const finding = fc.record<ToldFinding>({
    area: fc.constantFrom('dnsbl', 'spf'),
    code: text,
    subject: text,
    detail: text,
    since: fc.constant('2026-11-22T05:15:00Z'),
    vantages: fc.array(text, { maxLength: 4 }),
    meaning: text,
    hint: fc.option(text),
    rfc: text,
    evidence: fc.array(text, { maxLength: 8 }),
    publish: fc.array(text, { maxLength: 8 }),
    command: fc.option(text),
  });
  const news = fc.record<PostureNews>({
    findings: fc.array(finding, { maxLength: 8 }),
    more: fc.nat(),
    warnings: fc.array(fc.record({ code: text, subject: text, detail: text }), { maxLength: 5 }),
  });
  const kinds = fc.constantFrom<AlertKind>('listed', 'delisted', 'posture', 'posture-over');
  const [base] = toldBy('.LLL');

  test('have bounds, and move no cursor; what is stored can be read', () => {
    fc.assert(
      fc.property(kinds, text, news, (kind, subject, posture) => {
        const alert = { ...base, kind, subject, posture } as Alert;
        expect(isAlert(JSON.parse(JSON.stringify(alert)))).toBe(true);
        const { subject: title, email, sms, https, default: line } = alertTexts(alert, context);
        expect(title).toMatch(/^[ -~]{1,99}$/);
        expect(sms.length).toBeLessThanOrEqual(160);
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(email.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        expect(Buffer.byteLength(email)).toBeLessThanOrEqual(24_000);
        expect(Buffer.byteLength(https)).toBeLessThanOrEqual(24_000);
        expect(JSON.parse(https).posture).not.toBeNull();
      }),
    );
  });
});

test('a round trip is seen by the vantage that sent it: others say nothing of it', () => {
  const told = (kind: AlertKind) =>
    alertTexts({ ...alertOfEachKind[kind], votes: [{ vantage: 'local', vote: 'down', why: 'x' }] }, context).email;
  for (const kind of ['trip', 'trip-over'] as const) expect(told(kind)).not.toContain('What each vantage said');
  expect(told('listed')).toContain('What each vantage said');
});
