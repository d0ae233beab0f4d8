import { beforeAll, expect, test } from 'vitest';
import { condenseFacts, factsOf } from '../../lambda/consensus/facts/server-facts.ts';
import { prepareRecording } from '../../lambda/probe/add-changed-facts-and-threshold.ts';
import { type Certificates, makeCertificates } from '../smtp/certificates.ts';
import { probeScript } from '../smtp/probe-script.ts';
import { mailServer, type Script } from '../smtp/scripted-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

/** The facts that consecutive sessions record, a minute apart and not at the start of an hour. */
async function recordedOver(scripts: readonly Script[]) {
  let known: Parameters<typeof prepareRecording>[2];
  const all: unknown[] = [];
  for (const [n, script] of scripts.entries()) {
    const trusting = { ca: certificates.ca, serverName: 'mx1.example.com', security: 'starttls-if-offered' } as const;
    const { sample } = await probeScript(script, trusting);
    const round = { round: `2026-11-22T05:0${n + 2}:00Z`, samples: new Map([['mx1', sample]]) };
    const recording = prepareRecording(round, 60_000, known);
    known = recording.knownAfterWrite(known);
    all.push(recording.samples.get('mx1')?.facts);
  }
  return all;
}

test('every change of a server is recorded; a session that ends early records nothing', async () => {
  const { good } = certificates;
  const tls = { key: good.key, cert: good.pem };
  const recorded = await recordedOver([
    mailServer({ tls }),
    mailServer({ answers: { STARTTLS: '454 4.7.0 TLS not available' } }),
    mailServer({ answers: { STARTTLS: (client) => client.close() } }),
    mailServer({ tls, inTls: { EHLO: '250-mx1.example.com\r\n250-PIPELINING\r\n250-AUTH LOGIN\r\n250 8BITMIME' } }),
    mailServer({
      tls: { ...tls, maxVersion: 'TLSv1.2' } as object,
      inTls: { EHLO: '250-mx1.example.com\r\n250-AUTH LOGIN\r\n250-PIPELINING\r\n250 8BITMIME' },
    }),
    mailServer({ answers: { EHLO: '250-mx1.example.com\r\n250-PIPELINING\r\n250-SIZE 1024\r\n250 8BITMIME' } }),
  ]);
  expect(recorded).toEqual([
    {
      starttls: 'offered',
      leaf: expect.stringMatching(/^[0-9a-f]{16} \d{4}-\d\d-\d\d \d{4}-\d\d-\d\d CN=/),
      tls: 'TLSv1.3',
      inClear: '8BITMIME PIPELINING SIZE=10240000',
      inTls: '8BITMIME AUTH=CRAM-MD5,LOGIN,PLAIN,XOAUTH2 PIPELINING SIZE=10240000',
    },
    undefined,
    undefined,
    { inTls: '8BITMIME AUTH=LOGIN PIPELINING' },
    { tls: 'TLSv1.2' },
    { starttls: 'not offered', inClear: '8BITMIME PIPELINING SIZE=1024' },
  ]);
});

test('recording does not change a sample', async () => {
  const { sample } = await probeScript(mailServer(), { security: 'none' });
  const round = { round: '2026-11-22T05:00:00Z', samples: new Map([['mx1', sample]]) };
  expect(prepareRecording(round, 60_000).samples.get('mx1')).toEqual({
    ...sample,
    facts: condenseFacts(factsOf(sample) ?? {}),
  });
});
