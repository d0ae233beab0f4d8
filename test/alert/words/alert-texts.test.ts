import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertDocument } from '../../../lambda/alert/words/json-document.ts';
import { gsm7 } from '../../../lambda/alert/words/sms.ts';
import type { Alert, AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { alert, anyAlert, context, incident, witness } from '../alerts.ts';

const firstLineOf = (of: Alert) => alertTexts(of, context).email.split('\n')[0];

describe('the first line has target, endpoint, start, phase, code and quorum', () => {
  const closed = { ...incident, closed: '2026-11-22T05:20:30Z' };
  const minority: Partial<Alert> = {
    is: 'degraded',
    votes: [
      { vantage: 'us-east-1', vote: 'down', why: '' },
      { vantage: 'eu-west-1', vote: 'up', why: '' },
    ],
  };
  const mx1 = 'mx1 (mx1.example.com:25) is';
  test.each<[AlertKind, Partial<Alert>, string]>([
    ['down', {}, `${mx1} DOWN since 05:08 UTC: 2 of 3 vantages fail at starttls (starttls-not-offered)`],
    [
      'update',
      { was: 'down' },
      `${mx1} still DOWN since 05:08 UTC: 2 of 3 vantages fail at starttls (starttls-not-offered)`,
    ],
    [
      'update',
      { was: 'down', is: 'degraded', votes: [], reason: 'no longer down' },
      `${mx1} now DEGRADED since 05:08 UTC: no longer down`,
    ],
    [
      'recovered',
      { is: 'unknown', was: 'down', incident: closed, reason: 'withdrawn: the target is no longer in the config' },
      `${mx1} WITHDRAWN since 05:20 UTC: withdrawn: the target is no longer in the config`,
    ],
    [
      'blind',
      { subject: 'eu-west-1', is: 'up', was: 'unknown', incident: closed, at: '2026-11-22T05:20:31Z' },
      'eu-west-1 is NO LONGER BLIND since 05:20 UTC: it was blind for 12 min 30 s, from 05:08 UTC',
    ],
    [
      'blind',
      { subject: 'eu-west-1', is: 'unknown', was: 'unknown', incident: closed, reason: 'withdrawn: not in the config' },
      'eu-west-1 is WITHDRAWN since 05:20 UTC: withdrawn: not in the config',
    ],
    [
      'degraded',
      minority,
      `${mx1} DEGRADED since 05:08 UTC: 1 of 2 vantages fails at starttls (starttls-not-offered), below the quorum`,
    ],
    [
      'degraded',
      { is: 'degraded', votes: [], reason: 'certificate expires in 14 days' },
      `${mx1} DEGRADED since 05:08 UTC: certificate expires in 14 days`,
    ],
    [
      'recovered',
      { is: 'up', was: 'down', incident: closed, at: '2026-11-22T05:20:31Z' },
      `${mx1} UP again since 05:20 UTC: it was down for 12 min 30 s, from 05:08 UTC`,
    ],
    [
      'unknown',
      { reason: '1 of 3 vantages may vote, 2 needed' },
      `${mx1} UNKNOWN since 05:08 UTC: 1 of 3 vantages may vote, 2 needed`,
    ],
    ['changed', { reason: 'new certificate' }, `${mx1} CHANGED since 05:09 UTC: new certificate`],
    [
      'flapping',
      { reason: '5 changes in an hour' },
      `${mx1} FLAPPING since 05:08 UTC: its verdict keeps changing, now down (5 changes in an hour)`,
    ],
    [
      'blind',
      { subject: 'eu-west-1', incident: null, reason: 'cannot reach port 25' },
      'eu-west-1 is BLIND since 05:09 UTC: cannot reach port 25',
    ],
  ])('%s', (kind, changed, line) => expect(firstLineOf(alert(kind, changed))).toBe(line));

  test('has the date if it began on another day', () => {
    const opened = { ...incident, opened: '2026-11-21T23:58:00Z' };
    expect(firstLineOf(alert('down', { incident: opened }))).toContain('since 2026-11-21 23:58 UTC');
  });

  test('has the most frequent failure', () => {
    const other = { ...witness, vantage: 'ap-southeast-1', phase: 'connect', code: 'connect-timeout' };
    const mixed = { ...incident, witnesses: [other, ...incident.witnesses] };
    expect(firstLineOf(alert('down', { incident: mixed }))).toContain('at starttls (starttls-not-offered)');
  });
});

describe('the e-mail', () => {
  const { email } = alertTexts(alert('down'), context);
  test.each([
    ['the vote without a failure', /ap-southeast-1 {3}up {7}passed/],
    ['the reply, line by line', /server said: 250-mx1\.example\.com\n {41}250 SIZE 1000/],
    ['the hint', /starttls-not-offered: The server .+\n {24}\w/],
    ['the first and last failure', '05:08:00 to 05:09:00 UTC; 2 failed rounds'],
    ['the transcript', '  S: 220 mx1.example.com ESMTP\n  C: EHLO probe.example.com'],
    ['the timeline', '05:08:00 UTC  us-east-1 failed at starttls'],
    ['the command', 'npx smtp-quorum incident mx1@2026-11-22T05:08:00Z --table smtp-quorum --region us-east-1'],
    ['the id', 'mx1@2026-11-22T05:08:00Z#1'],
  ])('has %s', (_, words) => expect(email).toMatch(words));

  test('commands have no table and region on one machine', () => {
    const local = alertTexts(alert('down'), { ...context, home: 'local' }).email;
    expect(local).toContain('npx smtp-quorum incident mx1@2026-11-22T05:08:00Z\n');
  });

  test('quotes arguments for a shell', () => {
    const evil = alertTexts(alert('down', { subject: "a'; rm -rf ~ #" }), context).email;
    expect(evil).toContain("history 'a'\\''; rm -rf ~ #' --since 2h");
  });
});

test('the subject has state, target, code and votes', () => {
  expect(alertTexts(alert('down'), context).subject).toBe(
    '[smtp-quorum] DOWN mx1: starttls-not-offered, 2 of 3 vantages',
  );
});

test('the SMS has the first line, then the reply', () => {
  const sms = alertTexts(alert('down'), context).sms;
  expect(sms).toMatch(
    /^mx1 is DOWN since 05:08 UTC: 2 of 3 vantages fail at starttls \(starttls-not-offered\)\. Server: 250-/,
  );
});

test.each([
  ['[x]{y}|~^`', "(x)(y)/-''"],
  ['tête à tête é', 't?te à t?te é'],
  ['日本\n', '???'],
])('GSM-7 of %j', (text, expected) => expect(gsm7(text)).toBe(expected));

describe('every alert is within the limits', () => {
  const holds = (property: (of: Alert) => void) =>
    fc.assert(
      fc.property(anyAlert, (of) => void property(of)),
      { numRuns: 60 },
    );

  test('subject: 1 to 99 printable ASCII characters', () => {
    holds((of) => expect(alertTexts(of, context).subject).toMatch(/^[!-~][ -~]{0,98}$/));
  });

  test('SMS: 160 characters of the basic GSM-7 alphabet', () => {
    holds((of) => {
      const { sms } = alertTexts(of, context);
      expect(sms.length).toBeLessThanOrEqual(160);
      expect(gsm7(sms)).toBe(sms);
    });
  });

  test('the whole message with the document under four protocols: 256 KB', () => {
    holds((of) => {
      const { email, sms, https, default: plain } = alertTexts(of, context);
      const message = JSON.stringify({ default: plain, email, sms, https, http: https, sqs: https, lambda: https });
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(256 * 1024);
    });
  });

  test('all texts from the server are escaped', () => {
    holds((of) => {
      const { email, default: plain } = alertTexts(of, context);
      expect(plain).toBe(escapeForDisplay(plain));
      for (const line of email.split('\n')) expect(line).toBe(escapeForDisplay(line));
    });
  });

  test('the document is one line of ASCII JSON with the keys of the alert', () => {
    holds((of) => {
      const { https } = alertTexts(of, context);
      expect(https).toMatch(/^[ -~]*$/);
      const read = JSON.parse(https) as AlertDocument;
      expect(read).toMatchObject({ version: 1, kind: of.kind, was: of.was, is: of.is, at: of.at });
    });
  });
});

describe('the document', () => {
  test('keeps the reply as the server sent it', () => {
    const read = JSON.parse(alertTexts(alert('down'), context).https) as AlertDocument;
    expect(read).toMatchObject({
      endpoint: 'mx1.example.com:25',
      code: witness.code,
      reply: witness.reply,
      truncated: false,
    });
    expect(read.incident).toMatchObject({ id: incident.id, seconds: 72 });
  });

  test('is marked as truncated if evidence was omitted', () => {
    const long = { ...witness, transcript: Array.from({ length: 200 }, (_, line) => `S: 250-LINE${line}`) };
    const read = JSON.parse(alertTexts(alert('down', { incident: { ...incident, witnesses: [long] } }), context).https);
    expect(read.truncated).toBe(true);
    expect(read.incident.witnesses[0].transcript.at(-1)).toBe('S: 250-LINE199');
  });
});
