import { describe, expect, test } from 'vitest';
import { type AlertTexts, alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertDocument } from '../../../lambda/alert/words/json-document.ts';
import type { AlertKind } from '../../../lambda/consensus/judgement/incident.ts';
import { SEEN, tell } from '../../consensus/incident/stories.ts';
import { context } from '../alerts.ts';

/** The texts of the last alert of a kind, after a story that is the same at three vantages. */
function textsOf(row: string, kind: AlertKind): AlertTexts {
  const alert = tell({ a: row, b: row, c: row }).judgement.owed.findLast((owed) => owed.kind === kind);
  if (alert === undefined) throw new Error(`no alert of the kind ${kind}`);
  return alertTexts(alert, context);
}

function sectionOf({ email }: AlertTexts, title: string): readonly string[] {
  const section = email.split('\n\n').find((text) => text.startsWith(title));
  const [, ...lines] = section?.split('\n') ?? [];
  return lines.map((line) => line.trim());
}

describe('the first line has what was measured and its bound, on every channel', () => {
  test.each<[string, string, AlertKind, { line: string; subject: string; sms: string }]>([
    [
      'slow',
      'ppww',
      'degraded',
      {
        line: 'mx1 (mx1.example.com:25) is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at rcpt (slow): took 7021 ms, above 5000 ms',
        subject: '[smtp-quorum] DEGRADED mx1: slow, took 7021 ms, above 5000 ms',
        sms: 'mx1 is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at rcpt (slow): took 7021 ms, above 5000 ms. mx1.example.com:25',
      },
    ],
    [
      'an expiring certificate',
      'ppee',
      'degraded',
      {
        line: 'mx1 (mx1.example.com:25) is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at certificate (certificate-expiring): expires on 2026-12-05, 12 days left, below 14',
        subject: '[smtp-quorum] DEGRADED mx1: certificate-expiring, expires on 2026-12-05, 12 days left, below 14',
        sms: 'mx1 is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at certificate (certificate-expiring): expires on 2026-12-05, 12 days left, below 14. mx1.example.com:25',
      },
    ],
    [
      'the same certificate at the next threshold',
      'ppeeeEE',
      'degraded',
      {
        line: 'mx1 (mx1.example.com:25) is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at certificate (certificate-expiring): expires on 2026-12-05, 7 days left, below 14',
        subject: '[smtp-quorum] DEGRADED mx1: certificate-expiring, expires on 2026-12-05, 7 days left, below 14',
        sms: 'mx1 is DEGRADED since 12:02 UTC: 3 of 3 vantages warn at certificate (certificate-expiring): expires on 2026-12-05, 7 days left, below 14. mx1.example.com:25',
      },
    ],
    [
      'a wrong name',
      'ppnn',
      'down',
      {
        line: 'mx1 (mx1.example.com:25) is DOWN since 12:02 UTC: 3 of 3 vantages fail at certificate (certificate-wrong-name): certificate lacks mx1.example.com, has mail.example.net, www.example.net',
        subject: '[smtp-quorum] DOWN mx1: certificate lacks mx1.example.com, has mail.example.net, www.example.net',
        sms: 'mx1 is DOWN: certificate-wrong-name, certificate lacks mx1.example.com, has mail.example.net, www.example.net. mx1.example.com:25',
      },
    ],
    [
      'silence',
      'ppss',
      'down',
      {
        line: 'mx1 (mx1.example.com:25) is DOWN since 12:02 UTC: 3 of 3 vantages fail at greeting (silence): no greeting within 12.0 s',
        subject: '[smtp-quorum] DOWN mx1: silence, 3 of 3 vantages, no greeting within 12.0 s',
        sms: 'mx1 is DOWN since 12:02 UTC: 3 of 3 vantages fail at greeting (silence): no greeting within 12.0 s. mx1.example.com:25',
      },
    ],
    [
      'a refusal, whose reply says more than its detail',
      'pprr',
      'down',
      {
        line: 'mx1 (mx1.example.com:25) is DOWN since 12:02 UTC: 3 of 3 vantages fail at auth (auth-rejected)',
        subject: '[smtp-quorum] DOWN mx1: auth-rejected, 3 of 3 vantages',
        sms: 'mx1 is DOWN since 12:02 UTC: 3 of 3 vantages fail at auth (auth-rejected). Server: 535 5.7.8 Authentication credentials invalid. mx1.example.com:25',
      },
    ],
    [
      'flapping',
      `pp${'wwpp'.repeat(5)}`,
      'flapping',
      {
        line: 'mx1 (mx1.example.com:25) is FLAPPING since 12:14 UTC: its verdict keeps changing, now degraded (0 of 3 entitled vantages voted down, quorum 2; at least 2 of 3 warn: slow) at rcpt (slow): took 7021 ms, above 5000 ms',
        subject: '[smtp-quorum] FLAPPING mx1: slow, took 7021 ms, above 5000 ms',
        sms: 'mx1 is FLAPPING: slow, took 7021 ms, above 5000 ms. mx1.example.com:25',
      },
    ],
  ])('%s', (_, row, kind, { line, subject, sms }) => {
    const texts = textsOf(row, kind);
    expect(texts.email.split('\n')[0]).toBe(line);
    expect(texts.default).toBe(line);
    expect((JSON.parse(texts.https) as AlertDocument).text).toBe(line);
    expect(texts.subject).toBe(subject);
    expect(texts.sms).toBe(sms);
    expect(texts.sms.length).toBeLessThanOrEqual(160);
    expect(texts.subject.length).toBeLessThanOrEqual(99);
  });

  test('a figure of one vantage names it', () => {
    const { judgement } = tell({ a: 'ppww', b: 'ppww', c: 'ppvv' });
    const line = alertTexts(judgement.owed[0] as never, context).default;
    expect(line).toMatch(/3 of 3 vantages warn at rcpt \(slow\): took 7021 ms, above 5000 ms, at a$/);
  });

  test('the end of a problem has no figure', () => {
    expect(textsOf('ppwwpp', 'recovered').default).toBe(
      'mx1 (mx1.example.com:25) is UP again since 12:05 UTC: it was degraded for 3 min 5 s, from 12:02 UTC',
    );
  });
});

describe('a message has the evidence of what it tells', () => {
  test('DOWN by silence, after a slow session with more lines', () => {
    const texts = textsOf('ppwwwsss', 'down');
    expect(texts.default).toContain('is DOWN since 12:05 UTC: 3 of 3 vantages fail at greeting (silence)');
    expect(sectionOf(texts, 'Transcript from a')).toEqual(SEEN.s.transcript);
    expect(texts.email).not.toContain('RCPT TO');
  });

  test('reply and transcript are of one session', () => {
    expect(sectionOf(textsOf('ppttrrrssspp', 'recovered'), 'Transcript from a')).toEqual(SEEN.s.transcript);
    const { judgement } = tell({ a: 'ppttrrr', b: 'ppttrrr', c: 'ppttrrr' });
    for (const { reply, transcript } of judgement.incident?.witnesses ?? []) {
      expect(transcript.join('\n')).toContain(`S: ${reply}`);
      expect(reply).toBe(SEEN.r.reply);
    }
  });

  test('the cause comes before its effect', () => {
    const happened = sectionOf(textsOf('ppwwwsss', 'down'), 'What happened');
    expect(happened.map((line) => line.replace(/ (failed|warned) at.*|: \d.*/, ''))).toEqual([
      '12:02:00 UTC  a',
      '12:02:00 UTC  b',
      '12:02:00 UTC  c',
      '12:03:05 UTC  degraded',
      '12:05:00 UTC  a',
      '12:05:00 UTC  b',
      '12:05:00 UTC  c',
      '12:06:05 UTC  down',
    ]);
  });

  test('too few voters: no evidence of an earlier failure', () => {
    const texts = textsOf('ppsss......', 'unknown');
    expect(texts.email).not.toContain('Transcript');
    expect(texts.email).not.toContain('failed at greeting (silence)');
    expect(texts.subject).toBe('[smtp-quorum] UNKNOWN mx1');
  });

  test('degraded by a warning of the quorum, while one vantage fails: the warning', () => {
    const { judgement } = tell({ a: 'ppsss', b: 'ppwww', c: 'ppwww' });
    const [degraded] = judgement.owed;
    const texts = alertTexts(degraded as never, context);
    expect(texts.default).toContain('2 of 3 vantages warn at rcpt (slow): took 7021 ms, above 5000 ms');
    expect(sectionOf(texts, 'Transcript from b')).toEqual(SEEN.w.transcript);
  });

  test('an outage that ends as degraded was down', () => {
    const { judgement } = tell({ a: 'ppssppppp', b: 'ppsspppp.', c: 'ppsssssspp' });
    const recovered = judgement.owed.findLast(({ kind }) => kind === 'recovered');
    expect(alertTexts(recovered as never, context).default).toMatch(/it was down for .*, from 12:02 UTC$/);
  });

  test('a vantage that only warned did not fail', () => {
    expect(sectionOf(textsOf('ppww', 'degraded'), 'What each vantage saw').slice(0, 3)).toEqual([
      'a                up       warned at rcpt (slow)',
      '12:02:00 to 12:03:00 UTC',
      'detail:      took 7021 ms, above 5000 ms',
    ]);
  });
});
