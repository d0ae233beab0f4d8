import fc from 'fast-check';
import { expect, test } from 'vitest';
import { screenOf } from '../../bin/display/layout/screen.ts';
import { bouncesJson } from '../../bin/display/report/bounce-section.ts';
import { senderHistoryAsJson, senderHistoryLines } from '../../bin/display/report/sender-history.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { readBounceMailbox } from '../../lambda/bounce-mailbox/read-bounce-mailbox.ts';
import { countSesEvents } from '../../lambda/bounce-watch/count-ses-events.ts';
import { hideAddresses } from '../../lambda/bounces/hide-addresses.ts';
import { readPostfixLine } from '../../lambda/bounces/postfix/log-line.ts';
import { emptyQueue, takeLine } from '../../lambda/bounces/postfix/queue.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { judgeBounces } from '../../lambda/judge/judge-bounces.ts';
import type { MailboxSession } from '../../lambda/mailbox/session/mailbox-session.ts';
import { readBounceReport } from '../../lambda/reports/bounces/bounce-report.ts';
import { parseDsn } from '../../lambda/standards/dsn/parse-dsn.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { testPorts } from '../ports.ts';
import { BOUNCES, type Bounce } from '../standards/dsn/corpus.ts';
import { SES_TYPES, sesEvent } from './ses/ses-events.ts';

const NOW = Date.parse('2026-11-26T09:30:00Z');
/** Every bounce is above it. */
const POLICY = { warn: 0.0001, fail: 0.0002, atLeast: 1, complaints: 0.0001 };

interface Personal {
  readonly name: string;
  readonly subject: string;
  readonly body: string;
}

const word = (start: string) => fc.stringMatching(/^[a-z]{5,9}$/).map((rest) => `${start}${rest}`);
const personal: fc.Arbitrary<Personal> = fc.record({
  name: fc.oneof(
    word('zq'),
    fc.tuple(word('zq'), word('zq')).map(([first, last]) => `${first}.${last}`),
    fc.tuple(word('zq'), fc.nat({ max: 99 })).map(([first, nth]) => `${first}+${nth}`),
  ),
  subject: fc.array(word('xq'), { minLength: 2, maxLength: 4 }).map((words) => words.join(' ')),
  body: fc.array(word('wq'), { minLength: 3, maxLength: 6 }).map((words) => words.join(' ')),
});

/** A bounce of the corpus about a message of this person, whose server quotes the recipient, and the subject if the report has it. */
function bounceAbout({ raw }: Bounce, { name, subject, body }: Personal): Buffer {
  const isKnown = parseDsn(raw)?.original.some((field) => field.name.toLowerCase() === 'subject') === true;
  const quoted = isKnown ? `${name}: ${subject}` : name;
  const [header = '', ...rest] = raw.toString('latin1').split('\r\n\r\n');
  const about = rest
    .join('\r\n\r\n')
    .replace(/\b(?:user|one|two|other|person|alias)(?=@|%40|=)/g, () => name)
    .replace(/^(Subject: ).*$/gm, (_, field) => `${field}${subject}`)
    .replace(/^(Diagnostic-Code: .*)$/gm, (_, line) => `${line} (${quoted})`);
  const withBody = about.replace(/\r\n(--[^\s]+--)\r\n?/, (_, end) => `\r\n\r\n${body}\r\n\r\n${end}\r\n`);
  return Buffer.from(`${header}\r\n\r\n${withBody}\r\n\r\n${body}\r\n`, 'latin1');
}

function session(messages: readonly Buffer[]): MailboxSession {
  const found = messages.map((raw, nth) => [String(nth), raw] as const);
  return {
    folders: async () => [],
    select: async (name) => ({ name, messages: found.length, uidValidity: '1', readOnly: false }),
    search: async () => found.map(([id]) => id),
    fetch: async (id) => {
      const raw = messages[Number(id)] ?? Buffer.alloc(0);
      return { id, raw, truncated: false, size: raw.length, arrived: NOW, labels: null };
    },
    remove: async () => 'expunged',
    end: async () => {},
    report: () => {
      throw new Error('not asked for');
    },
  };
}

/** What SES says of a message of this person. */
function sesBodies({ name, subject, body }: Personal): readonly string[] {
  const recipient = `${name}@mail.example.net`;
  const mail = {
    headers: [{ name: 'Subject', value: subject }],
    commonHeaders: { from: ['shop@example.com'], to: [recipient], subject, body },
  };
  const quoted = `smtp; 550 5.1.1 <${recipient}>: ${subject}: ${name}`;
  return SES_TYPES.map((type) => {
    const bounced = { bouncedRecipients: [{ emailAddress: recipient, status: '5.1.1', diagnosticCode: quoted }] };
    const changes = type === 'Email Bounced' ? { mail, part: bounced } : { mail };
    return JSON.stringify(sesEvent(type, { ...changes, at: new Date(NOW).toISOString(), recipients: [recipient] }));
  });
}

/** What Postfix logs of it. */
function logLines({ name }: Personal): readonly string[] {
  const start = '2026-11-26T09:29:01Z mail';
  const said = `(host mx.example.net[192.0.2.1] said: 550 5.1.1 <${name}@example.net>: unknown user "${name}@example.net")`;
  return [
    `${start} postfix/qmgr[9]: 4FABC1234: from=<news@example.com>, size=812, nrcpt=1 (queue active)`,
    `${start} postfix/smtp[1]: 4FABC1234: to=<${name}@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=9, delays=0/0/0/9, dsn=5.1.1, status=bounced ${said}`,
    `${start} postfix/qmgr[9]: 4FABC1234: removed`,
  ];
}

/** All that is stored, logged, told and shown of one person's mail, by every source. */
async function everythingAbout(person: Personal) {
  const table = openInMemoryTable(() => NOW);
  const writes: object[] = [];
  const own: typeof table = {
    ...table,
    put: (item, condition) => {
      writes.push(item);
      return table.put(item, condition);
    },
  };
  const history = openBounceHistory(own, { now: () => NOW });
  const providers = { providersOf: async () => new Map([['example.net', 'Google']]) };
  const made = testPorts([], { bounces: { policy: POLICY, ses: true, logs: [] } });
  const ports = { ...made.ports, bounces: history, now: () => NOW };
  const messages = BOUNCES.map((bounce) => bounceAbout(bounce, person));
  const folder = { source: 'mailbox-1', folder: 'INBOX', remove: false };
  const read = await readBounceMailbox(
    { history, providers, now: () => NOW },
    session(messages),
    folder,
    new Set<string>(),
  );
  await countSesEvents(
    { history, providers, publishEvents: ports.publishEvents },
    { Records: sesBodies(person).map((body) => ({ body })) },
  );
  const queue = emptyQueue();
  const outcomes = logLines(person).flatMap((text) => {
    const line = readPostfixLine(text, NOW);
    return line === null ? [] : takeLine(queue, line);
  });
  await history.record('log', [{ id: 'aaaaaaaa', outcomes }]);
  await judgeBounces(ports);
  await history.rollUpHours(NOW + 2 * 3_600_000);
  const report = await readBounceReport({ table: own }, { from: NOW - 3_600_000, to: NOW + 1 });
  const screen = screenOf({}, {});
  const context = { name: 'mail', home: 'us-east-1', targets: [] };
  const shown = report.flatMap((one) => [
    senderHistoryLines(one, { now: NOW, utc: true }, screen),
    senderHistoryAsJson(one),
  ]);
  const texts = made.alerts.map((alert) => alertTexts(alert, context));
  return {
    read,
    alerts: made.alerts,
    writes,
    all: [writes, made.logged, made.events, made.alerts, texts, bouncesJson(report), shown],
  };
}

test('no recipient, subject or body reaches the table, a log, an alert or a report, whatever the source', async () => {
  await fc.assert(
    fc.asyncProperty(personal, async (person) => {
      const { read, alerts, writes, all } = await everythingAbout(person);
      expect(read.counted).toBeGreaterThan(60);
      expect(writes.length).toBeGreaterThan(3);
      expect(alerts.map(({ kind }) => kind)).toContain('bounces');
      const text = JSON.stringify(all).toLowerCase();
      const words = [
        ...person.name.split(/[.+]/).filter((part) => part.length > 2),
        ...`${person.subject} ${person.body}`.split(' '),
      ];
      expect(words.filter((one) => text.includes(one))).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

test('the property sees a name that is left in a text', () => {
  expect(hideAddresses('550 5.1.1 zqperson is unknown')).toContain('zqperson');
});
