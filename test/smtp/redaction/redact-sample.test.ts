import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../lambda/smtp/bounds/limits.ts';
import { transcriptLines } from '../../../lambda/smtp/bounds/transcript.ts';
import { createKnownSecrets, type KnownSecrets } from '../../../lambda/smtp/redaction/mask-known-passwords.ts';
import { redactSample } from '../../../lambda/smtp/redaction/redact-sample.ts';
import { buildSample } from '../../../lambda/smtp/sample/build-sample.ts';
import type { Finding, Sample } from '../../../lambda/smtp/sample/sample.ts';
import { onConnected, onReceived, onTimeout } from '../../../lambda/smtp/session/action-after-event.ts';
import { createSession } from '../../../lambda/smtp/session/session-without-sockets.ts';
import { RECORDED } from '../session/recorded-sessions.ts';
import { credentials, echo, shownOf } from './echoes.ts';

function secretsOf(...known: readonly Parameters<KnownSecrets['add']>[0][]): KnownSecrets {
  const secrets = createKnownSecrets();
  for (const one of known) secrets.add(one);
  return secrets;
}

const EMPTY: Sample = buildSample({
  findings: [],
  timings: {},
  total: 1,
  address: '192.0.2.1',
  otherAddresses: [],
  greeting: null,
  software: null,
  tls: null,
  extensions: { beforeTls: null, afterTls: null },
  transcript: [],
});

function finding(detail: string, reply: string | null): Finding {
  return { phase: 'auth', code: 'auth-rejected', outcome: 'fail', detail, reply };
}

/** As lines of one reply. */
function asReply(pieces: readonly string[]): readonly string[] {
  return pieces.map((piece, nth) => `535${nth < pieces.length - 1 ? '-' : ' '}${piece}`);
}

function withCertificate(names: readonly string[]): Sample {
  const name = names.join('');
  const certificate = {
    subject: name,
    issuer: name,
    names,
    chain: [name],
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: '2027-01-01T00:00:00.000Z',
    daysLeft: 36,
    keyType: 'rsa',
    keyBits: 2048,
    signature: 'sha256WithRSAEncryption',
    fingerprint: 'ab',
  };
  return { ...EMPTY, tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', keyExchange: null, certificate } };
}

function withKeywords(pieces: readonly string[]): Sample {
  return { ...EMPTY, extensions: { beforeTls: { 'X-ECHO': pieces }, afterTls: { [pieces.join('')]: [] } } };
}

function withTranscript(pieces: readonly string[]): Sample {
  const lines = asReply(pieces).flatMap((line) => [`S: ${line}`, 'C: NOOP']);
  return { ...EMPTY, transcript: ['* 192.0.2.1, port 25', ...lines, `* ${pieces.join('')}`] };
}

/** Each place of a sample where what a server says can come to stand. */
const PLACES: Readonly<Record<string, (pieces: readonly string[]) => Sample>> = {
  reply: (pieces) => buildSample({ ...EMPTY, findings: [finding('refused with 535', asReply(pieces).join('\n'))] }),
  detail: (pieces) => buildSample({ ...EMPTY, findings: [finding(`${pieces.join('')} without a command`, null)] }),
  'detail in quotes': (pieces) =>
    buildSample({ ...EMPTY, findings: [finding(`${JSON.stringify(asReply(pieces).join('\r\n'))} came`, null)] }),
  greeting: (pieces) => ({ ...EMPTY, greeting: pieces.join('\n') }),
  transcript: withTranscript,
  keywords: withKeywords,
  certificate: withCertificate,
  'name of a part': (pieces) => ({ ...EMPTY, parts: [{ name: pieces.join(''), sample: EMPTY }] }),
  part: (pieces) => ({ ...EMPTY, parts: [{ name: 'mx1.example.com', sample: withTranscript(pieces) }] }),
};

/** All that a sample says, as somebody reads it who is after the password: without the codes of replies. */
function textsOf(sample: Sample): readonly string[] {
  const withoutCodes = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d{3}[ -]/, '')).join('');
  const { transcript, findings, extensions, tls, greeting, reply, detail, parts = [] } = sample;
  const replies = transcript.filter((line) => line.startsWith('S: ')).map((line) => line.slice(3));
  const quoted = (text: string) => text.replace(/\\r\\n(?:\d{3}[ -])?/g, '').replace(/\\(["\\])/g, '$1');
  return [
    withoutCodes(replies),
    ...transcript,
    ...findings.flatMap((found) => [quoted(found.detail), withoutCodes((found.reply ?? '').split('\n'))]),
    withoutCodes((reply ?? '').split('\n')),
    quoted(detail ?? ''),
    (greeting ?? '').split('\n').join(''),
    ...Object.values(extensions).map((known) =>
      Object.entries(known ?? {})
        .flat(2)
        .join(''),
    ),
    ...[tls?.certificate?.subject, tls?.certificate?.issuer].map((text) => text ?? ''),
    (tls?.certificate?.names ?? []).join(''),
    (tls?.certificate?.chain ?? []).join(''),
    ...parts.flatMap(({ name, sample: part }) => [name, ...textsOf(part)]),
  ];
}

describe.each(Object.keys(PLACES))('%s', (place) => {
  const sampleWith = PLACES[place] as (pieces: readonly string[]) => Sample;

  test('no eight characters of a password or its encodings, however cut, split or spaced', () => {
    fc.assert(
      fc.property(echo, ({ credentials, pieces }) => {
        const sample = redactSample(sampleWith(pieces), secretsOf({ user: 'other', password: 'another' }, credentials));
        expect(shownOf(credentials, textsOf(sample))).toBe(null);
      }),
      { numRuns: 300 },
    );
  });

  test('what is masked once is masked', () => {
    fc.assert(
      fc.property(echo, ({ credentials, pieces }) => {
        const secrets = secretsOf(credentials);
        const once = redactSample(sampleWith(pieces), secrets);
        expect(redactSample(once, secrets)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});

test('in a session: neither a transcript nor a finding, before AUTH or after', () => {
  const when = fc.constantFrom('greeting', 'ehlo', 'auth', 'unsolicited', 'unfinished', 'broken');
  fc.assert(
    fc.property(echo, when, fc.boolean(), ({ credentials, pieces }, state, own) => {
      const endpoint = { host: 'mx1.example.com', port: 25, security: 'none', ehloName: 'probe.example.com' } as const;
      const secrets = secretsOf(credentials);
      const session = createSession(own ? { ...endpoint, auth: credentials } : endpoint, LIMITS, { secrets });
      const echoed = `${asReply(pieces).join('\r\n')}\r\n`;
      // `~` hardly ever is in a password: what is read across lines must not complete the last seven characters of one.
      const said = {
        greeting: [`220${echoed.slice(3)}`],
        ehlo: ['220 mx1 ~\r\n', echoed.replaceAll('535', '250')],
        auth: ['220 mx1 ~\r\n', '250-mx1 ~\r\n250 AUTH PLAIN\r\n', echoed],
        unsolicited: [`220 mx1 ~\r\n${echoed}`],
        unfinished: ['220 mx1 ~\r\n', echoed.replace(/\r\n$/, '')],
        broken: ['220 mx1 ~\r\n', `${echoed.replaceAll('535 ', '535-')}nonsense\r\n`],
      }[state];
      onConnected(session, 0);
      for (const turn of said) onReceived(session, Buffer.from(turn), 1);
      onTimeout(session, 20_000);
      const transcript = transcriptLines(session.transcript);
      const sample = { ...EMPTY, findings: session.progress.findings, transcript };
      const finished = { ...sample, greeting: session.progress.greeting };
      expect(shownOf(credentials, textsOf(redactSample(finished, secrets)))).toBe(null);
      // A reply is masked before it is cut to length.
      if (pieces.length === 1) expect(shownOf(credentials, textsOf(sample))).toBe(null);
    }),
    { numRuns: 300 },
  );
});

const ORDINARY: readonly string[] = RECORDED.flatMap(({ said }) =>
  said.flatMap((turn) => (typeof turn === 'string' ? turn.split(/\r?\n/) : [])),
)
  .concat(
    '220 mx.example.com ESMTP ready at Thu, 26 Nov 2026 22:45:59 +0000',
    '535 5.7.8 Username and Password not accepted. For more information, go to',
    '535-5.7.8  https://support.example.com/mail/?p=BadCredentials%20foo%2Fbar&amp;id=3 d2-20020a05600c',
    '550 5.7.1 [2001:db8:85a3:8d3:1319:8a2e:370:7348] is not allowed &lt;ops@example.com&gt;',
    '250 2.0.0 OK  1732599491 a1b2c3d4e5f6-4B2C1D3E5F6A7B8C - gsmtp =3D=20=C3=A9',
    '334 VXNlcm5hbWU6',
    '334 UGFzc3dvcmQ6',
  )
  .filter((line) => !/sesame|AHByb2Jl/i.test(line));

test('of ordinary replies nothing is masked', () => {
  const sample: Sample = {
    ...EMPTY,
    greeting: ORDINARY.join('\n'),
    transcript: ORDINARY.map((line) => `S: ${line}`),
    findings: ORDINARY.map((line) => finding(JSON.stringify(line), line)),
    extensions: { beforeTls: { SIZE: ['10240000'], AUTH: ['PLAIN', 'LOGIN'] }, afterTls: null },
  };
  fc.assert(
    fc.property(fc.array(credentials, { minLength: 1, maxLength: 10 }), (known) => {
      expect(redactSample(sample, secretsOf(...known))).toBe(sample);
    }),
  );
});

test('a hundred passwords, and a text of every line of ordinary replies a thousand times: nothing is masked', () => {
  const secrets = createKnownSecrets();
  for (let nth = 0; nth < 100; nth++) {
    secrets.add({
      user: `probe${nth}@example.com`,
      password: Buffer.from(`${nth * 7_919_777_123}`).toString('base64url'),
    });
  }
  for (let nth = 0; nth < 1_000; nth++) {
    const at = new Date(1_700_000_000_000 + nth * 987_654_321).toUTCString();
    const queued = `${(nth * 104_729 * 15_485_863).toString(16).toUpperCase()} at ${at}`;
    const lines = [...ORDINARY.slice(nth % 50, (nth % 50) + 8), `250 2.0.0 Ok: queued as ${queued}`];
    expect(secrets.mask(lines)).toBe(lines);
  }
});
