/** From the probe's session to the finding: what a round stores is enough to judge TLSA records, and to write the right one. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { openHistory } from '../../lambda/history/history.ts';
import { servedHostsOfRounds } from '../../lambda/history/packing/read-served-hosts.ts';
import { type KnownFacts, prepareRecording } from '../../lambda/probe/add-changed-facts-and-threshold.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import { probeScript } from '../smtp/probe-script.ts';
import { mailServer } from '../smtp/scripted-server.ts';
import { checked } from './cases.ts';

const host = 'mx1.example.com';
const name = `_25._tcp.${host}`;
const target = { id: 'mx', host, domain: null, port: 25 };
const now = Date.parse('2026-11-26T12:30:00Z');
let root: Issued;
let first: Issued;
let second: Issued;
beforeAll(async () => {
  root = await issue({ subject: 'CN=Root', authority: true });
  [first, second] = await Promise.all([issue({ names: [host] }, root), issue({ names: [host] }, root)]);
});

async function digestOf({ keys }: Issued, algorithm: 'sha256' | 'sha512'): Promise<string> {
  const key = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
  return createHash(algorithm).update(key).digest('hex');
}

/** A probe that records each of its sessions, a minute apart. */
function recorder() {
  const history = openHistory(openInMemoryTable(), { now: () => now });
  let known: KnownFacts | undefined;
  let minute = 0;
  return {
    async probe({ key, pem }: Issued) {
      const script = mailServer({ tls: { key, cert: pem + root.pem } });
      const { sample } = await probeScript(script, { security: 'starttls', serverName: host, insecure: true });
      const round = `2026-11-26T12:${String(minute++).padStart(2, '0')}:00Z`;
      const recording = prepareRecording(
        { round, samples: new Map([['mx', sample]]), targets: [target] },
        60_000,
        known,
      );
      known = recording.knownAfterWrite(known);
      await history.recordRound({ vantage: 'eu-west-1', round, samples: recording.samples });
    },
    async served() {
      return servedHostsOfRounds(await history.outcomes('eu-west-1', '2026-11-26T12:00:00Z'), target);
    },
  };
}

async function daneFinding(data: string, matching: number, probe: ReturnType<typeof recorder>) {
  const { findings } = await checked({
    served: await probe.served(),
    dns: { [name]: { TLSA: [{ usage: 3, selector: 1, matching, data }] } },
    signed: { [`TLSA ${name}`]: true },
    now,
  });
  return findings.find(({ area }) => area === 'dane');
}

test.each([
  ['sha256', 1],
  ['sha512', 2],
] as const)('a renewal between two rounds of the hour: %s', async (algorithm, matching) => {
  const probe = recorder();
  const published = await digestOf(first, algorithm);
  await probe.probe(first);
  await probe.probe(first);
  expect(await daneFinding(published, matching, probe)).toMatchObject({ code: 'dane-valid' });
  await probe.probe(second);
  expect(await daneFinding(published, matching, probe)).toMatchObject({
    code: 'dane-mismatch',
    publish: [`${name}. IN TLSA 3 1 1 ${await digestOf(second, 'sha256')}`],
  });
  expect(await daneFinding(await digestOf(second, algorithm), matching, probe)).toMatchObject({ code: 'dane-valid' });
});
