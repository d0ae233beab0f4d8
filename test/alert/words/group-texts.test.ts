import { expect, test } from 'vitest';
import { chatWords } from '../../../lambda/alert/channels/chat/chat-words.ts';
import { EACH_AT_ONCE } from '../../../lambda/alert/delivery/delivery-rules.ts';
import type { Message } from '../../../lambda/alert/delivery/message.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { Alert, AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import { context, witness } from '../alerts.ts';
import { causedAt, GROUPED, runChannel } from '../delivery/channel-run.ts';

const CAUSES = ['network:192.0.2.0/24', 'code:connect-timeout@us-east-1'];
const NAMES = Array.from({ length: 12 }, (_, at) => `mx${String(at + 1).padStart(2, '0')}`);

/** An alert with a witness, so that it has a code. */
function failing(
  seconds: number,
  subject: string,
  code = 'connect-timeout',
  causes: readonly string[] = CAUSES,
): Alert {
  const alert = causedAt(seconds, 'down', subject, causes);
  const witnesses = [{ ...witness, phase: 'connect', code, reply: null, transcript: [] }];
  return { ...alert, incident: alert.incident && { ...alert.incident, witnesses } };
}

/** Its target left the config while it was down. */
function withdrawn(subject: string): Alert {
  return { ...causedAt(60, 'recovered', subject, CAUSES), was: 'down', is: 'unknown' };
}

/** The message at a place, or the first one with a number of others. */
function messageOf(alerts: readonly Alert[], at: number | 'more' | 'most', rules = GROUPED): Message {
  const { told } = runChannel(alerts, rules);
  if (at === 'most')
    return told.map(({ message }) => message).reduce((a, b) => (b.covers.length > a.covers.length ? b : a));
  const one = at === 'more' ? told.find(({ message: { more } }) => more !== undefined) : told.at(at);
  const message = one?.message;
  if (message === undefined) throw new Error('no message');
  return message;
}

function textsOf(message: Message) {
  const { subject, email, sms, default: line, https } = alertTexts(message.alert, context, message);
  const { text, kind, digest, more } = JSON.parse(https);
  expect(sms.length).toBeLessThanOrEqual(160);
  expect(subject.length).toBeLessThan(100);
  const list = email.slice(0, email.indexOf('\n\nCommands'));
  const rows = list.split('\n').slice(1);
  for (const row of rows.filter((one) => one.includes('  since '))) expect(row.length).toBeLessThanOrEqual(72);
  expect(text).toBe(line);
  const { title } = chatWords(message, context);
  return { subject, title, email, sms, json: { kind, digest, more } };
}

const fallen = NAMES.map((name, at) =>
  failing(0, name, at === 3 ? 'connect-refused' : 'connect-timeout', CAUSES.slice(0, at === 3 ? 1 : 2)),
);
const recovered = NAMES.slice(0, 9).map((name) => causedAt(240, 'recovered', name, CAUSES));

test.each<[string, Message]>([
  ['a group', messageOf(fallen, 0)],
  ['recoveries of a part of it', messageOf([...fallen, ...recovered], 1)],
  [
    'what is above the limit',
    messageOf(
      [
        ...NAMES.slice(0, 7).map((name, at) => failing(at, name, 'connect-timeout', [])),
        ...['degraded', 'unknown'].flatMap((kind) =>
          NAMES.slice(2, 5).map((name) => causedAt(15, kind as AlertKind, name, [])),
        ),
        failing(1900, 'late', 'greeting-refused', []),
      ],
      'more',
      { ...EACH_AT_ONCE, limit: 8 },
    ),
  ],
])('golden: %s', (name, message) => expect(textsOf(message)).toMatchSnapshot(name));

test.each([
  ['host:mx1.example.com', 'at mx1.example.com are down since 05:00 UTC: connect-timeout'],
  ['address:192.0.2.7', 'at 192.0.2.7 are down since 05:00 UTC: connect-timeout'],
  ['certificate:3f2a9c0d1e4b5a67', 'with the certificate 3f2a9c0d1e4b5a67 are down since 05:00 UTC: connect-timeout'],
  ['provider:Google', 'of Google are down since 05:00 UTC: connect-timeout'],
  ['code:connect-timeout@us-east-1', 'are down since 05:00 UTC: connect-timeout from us-east-1'],
])('the first line of %s', (cause, words) => {
  const message = messageOf(
    ['a', 'b'].map((name) => failing(0, name, 'connect-timeout', [cause])),
    0,
  );
  expect(alertTexts(message.alert, context, message).default).toBe(`2 mail servers ${words}; a, b`);
});

test('many targets that left the config are not said to have recovered', () => {
  const names = NAMES.slice(0, 6);
  const message = messageOf(names.map(withdrawn), 0);
  const { default: line, email } = alertTexts(message.alert, context, message);
  expect(line).toMatch(/^6 alerts \(6 withdrawn\)/);
  expect(email).toContain('mx01  WITHDRAWN  since');
  expect(email).not.toMatch(/recovered|UP again|UNKNOWN {2}since/);
});

test.each<[AlertKind, Alert['is'], string]>([
  ['down', 'down', 'DOWN'],
  ['recovered', 'up', 'UP again'],
  ['flapping', 'up', 'FLAPPING'],
  ['changed', 'up', 'CHANGED'],
  ['blind', 'unknown', 'BLIND'],
  ['blind', 'up', 'NO LONGER BLIND'],
  ['undelivered', 'unknown', 'NOT DELIVERING'],
  ['undelivered', 'up', 'DELIVERING AGAIN'],
])('the list of a message about several "%s" that are %s says %s', (kind, is, state) => {
  const alerts = NAMES.map((name) => ({ ...causedAt(0, kind, name, []), is }));
  const message = messageOf(alerts, 'most');
  const { email } = alertTexts(message.alert, context, message);
  expect(email).toMatch(new RegExp(`^  mx12  ${state.padEnd(8)}  since 05:0`, 'm'));
});

test.each([
  [
    'one is left',
    [causedAt(60, 'recovered', 'a', CAUSES)],
    '1 mail server at 192.0.2.0/24 is up again; 1 is still down: b',
  ],
  [
    'all are over',
    ['a', 'b'].map((name) => causedAt(60, 'recovered', name, CAUSES)),
    '2 mail servers at 192.0.2.0/24 are up again: a, b',
  ],
  [
    'one left the config',
    [withdrawn('a'), causedAt(60, 'recovered', 'b', CAUSES)],
    '1 mail server at 192.0.2.0/24 is up again: b; 1 is no longer in the config: a',
  ],
  [
    'all left the config',
    ['a', 'b'].map(withdrawn),
    '2 mail servers at 192.0.2.0/24 are no longer in the config: a, b',
  ],
  [
    'one left the config, and one is down',
    [withdrawn('a')],
    '1 mail server at 192.0.2.0/24 is no longer in the config; 1 is still down: b',
  ],
])('recoveries: %s', (_, over, line) => {
  const message = messageOf([...['a', 'b'].map((name) => failing(0, name)), ...over], 1);
  expect(alertTexts(message.alert, context, message).default).toBe(line);
});

test('the longest names and causes leave the number of the rest in an SMS', () => {
  const long = (at: number) => `${'m'.repeat(60)}${at}`;
  const downs = Array.from({ length: 8 }, (_, at) => failing(at, long(at), 'connect-timeout', []));
  const alerts = [...downs, ...downs.slice(0, 3).map(({ subject }) => causedAt(10, 'degraded', subject, []))];
  const message = messageOf(alerts, 'more', { ...EACH_AT_ONCE, limit: 8 });
  const { sms } = alertTexts(message.alert, context, message);
  expect(sms.length).toBeLessThanOrEqual(160);
  expect(sms).toContain(`and ${message.more?.count} more`);
});

test('hostile text of a cause is inert', () => {
  const cause = `host:\u001b[31m<script>\u202e${'x'.repeat(300)}`;
  const message = messageOf(
    ['a', 'b'].map((name) => failing(0, name, 'connect-timeout', [cause])),
    0,
  );
  const { default: line } = alertTexts(message.alert, context, message);
  expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(line.length).toBeLessThan(300);
});
