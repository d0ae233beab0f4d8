import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { condenseFacts } from '../../../lambda/consensus/facts/server-facts.ts';
import { servedHostsOfRounds } from '../../../lambda/history/packing/read-served-hosts.ts';
import type { UntimedRound, UntimedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { isMore } from '../../../lambda/history/packing/round-packing.ts';
import { servedFactsOf } from '../../../lambda/history/packing/served-facts.ts';
import { prepareRecording } from '../../../lambda/probe/add-changed-facts-and-threshold.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { servedHostOf } from '../../../lambda/smtp/sample/served-host.ts';
import { type Certificates, makeCertificates } from '../../smtp/certificates.ts';
import { probeScript } from '../../smtp/probe-script.ts';
import { mailServer, type Script } from '../../smtp/scripted-server.ts';

let certificates: Certificates;
let sample: Sample;
beforeAll(async () => {
  certificates = await makeCertificates();
  const { belowIntermediate: leaf, intermediate } = certificates;
  sample = await probed(mailServer({ tls: { key: leaf.key, cert: leaf.pem + intermediate.pem } }));
});

async function probed(script: Script): Promise<Sample> {
  const where = { ca: certificates.ca, serverName: 'mx1.example.com', security: 'starttls-if-offered' } as const;
  return (await probeScript(script, where)).sample;
}

const target = { id: 'mx', host: 'mx1.example.com', domain: null, port: 25 };
const untimed = { outcome: 'pass', phase: null, code: null, reply: null, detail: null, transcript: [] } as const;

function roundWith(served: UntimedSample['served'], minute = 0, vantage = 'eu-west-1'): UntimedRound {
  const one: UntimedSample = { ...untimed, address: '192.0.2.10', ...(served === undefined ? {} : { served }) };
  const round = `2026-11-26T12:${String(minute).padStart(2, '0')}:00Z`;
  return { vantage, round, samples: new Map([['mx', one]]) };
}

test('what a session saw is read as it was recorded, with digests that are cut', () => {
  const [read] = servedHostsOfRounds([roundWith(servedFactsOf(sample, 'mx1.example.com', null))], target);
  const seen = servedHostOf(sample, 'mx1.example.com', '2026-11-26T12:00:00Z');
  const { certificates: cut = [], ...chain } = read?.chain ?? {};
  const { certificates: whole = [], ...expected } = seen?.chain ?? {};
  expect({ ...read, chain }).toEqual({ ...seen, address: '192.0.2.10', chain: expected });
  expect(cut.map(({ linked }) => linked)).toEqual([true, true]);
  for (const [nth, one] of whole.entries()) {
    const stored = cut[nth];
    expect(stored?.key.sha256).toBe(one.key.sha256);
    expect(stored?.validTo.slice(0, 19)).toBe(one.validTo.slice(0, 19));
    for (const [long, short] of [
      [one.key.sha512, stored?.key.sha512],
      [one.certificate.sha256, stored?.certificate.sha256],
      [one.certificate.sha512, stored?.certificate.sha512],
    ]) {
      expect(short).toHaveLength(16);
      expect(long?.startsWith(short ?? 'nothing')).toBe(true);
    }
  }
});

test('a chain of two certificates takes less than 300 bytes', () => {
  const texts = Object.entries(servedFactsOf(sample, 'mx1.example.com', null)).flat();
  expect(Buffer.byteLength(texts.join(''))).toBeLessThan(300);
});

describe('which sessions are recorded', () => {
  const recorded = (given: Partial<typeof target>, one = sample) => {
    const samples = new Map([['mx', one]]);
    const recording = prepareRecording(
      { round: '2026-11-26T12:00:00Z', samples, targets: [{ ...target, ...given }] },
      60_000,
    );
    return recording.samples.get('mx');
  };
  test('those of mail hosts', () => expect(Object.keys(recorded({})?.served ?? {})).toEqual(['says', 'chain']));
  test.each([465, 587])('not those of port %i', (port) => expect(recorded({ port })?.served).toBeUndefined());
  test('the facts that are reported do not have them', () => {
    expect(Object.keys(recorded({})?.facts ?? {})).toEqual(['starttls', 'leaf', 'tls', 'inClear', 'inTls']);
  });
  test('a server without STARTTLS', async () => {
    const clear = await probed(mailServer({ answers: { EHLO: '250-mx1.example.com\r\n250 PIPELINING' } }));
    expect(recorded({}, clear)?.served).toEqual({ says: 'mx1.example.com mx1.example.com not-offered' });
  });
  test('no greeting', async () => {
    const silent = await probed((client) => client.close());
    expect(recorded({}, silent)?.served).toBeUndefined();
  });
});

test('they are recorded once an hour, and when they change', async () => {
  const { good } = certificates;
  const renewed = await probed(mailServer({ tls: { key: good.key, cert: good.pem } }));
  let known: Parameters<typeof prepareRecording>[2];
  const record = (round: string, one: Sample) => {
    const recording = prepareRecording({ round, samples: new Map([['mx', one]]), targets: [target] }, 60_000, known);
    known = recording.knownAfterWrite(known);
    return Object.keys(recording.samples.get('mx')?.served ?? {});
  };
  expect(record('2026-11-26T12:07:00Z', sample)).toEqual(['says', 'chain']);
  expect(record('2026-11-26T12:08:00Z', sample)).toEqual([]);
  expect(record('2026-11-26T12:09:00Z', renewed)).toEqual(['chain']);
  expect(record('2026-11-26T12:59:00Z', renewed)).toEqual([]);
  expect(record('2026-11-26T13:00:00Z', renewed)).toEqual(['says', 'chain']);
});

describe('rounds of some hours', () => {
  const says = 'mx1.example.com mx1.example.com offered';
  const leaf = (digit: string) => Buffer.from(digit.repeat(112), 'hex').toString('base64url');
  const chain = (digit: string) => `trusted mx1.example.com 2027-01-10T00:00:00Z/${leaf(digit)}`;
  const keys = (rounds: readonly UntimedRound[]) =>
    servedHostsOfRounds(rounds, target).map(({ at, chain: one }) => [
      at.slice(11, 16),
      one?.certificates[0]?.key.sha256[0],
    ]);

  test('the newest text of each name counts, in any order of the rounds', () => {
    const rounds = [
      roundWith({ says, chain: chain('a') }, 0),
      roundWith({ chain: chain('b') }, 7),
      roundWith(undefined, 9),
    ];
    expect(keys(rounds)).toEqual([['12:07', 'b']]);
    expect(keys(rounds.toReversed())).toEqual([['12:07', 'b']]);
  });
  test('vantages that see the same are one, others are two', () => {
    const same = { says, chain: chain('a') };
    expect(keys([roundWith(same, 0), roundWith(same, 1, 'us-east-1')])).toEqual([['12:01', 'a']]);
    expect(keys([roundWith(same, 0), roundWith({ says, chain: chain('b') }, 1, 'us-east-1')])).toEqual([
      ['12:00', 'a'],
      ['12:01', 'b'],
    ]);
  });
  test('after STARTTLS is gone, the former chain is not served', () => {
    const gone = 'mx1.example.com mx1.example.com not-offered';
    expect(
      servedHostsOfRounds([roundWith({ says, chain: chain('a') }, 0), roundWith({ says: gone }, 1)], target),
    ).toMatchObject([{ starttls: 'not offered', chain: null }]);
  });
  test('hosts of a domain, and address families', () => {
    const served = condenseFacts({
      'mx1.example.com says': says,
      'mx2.example.com IPv4 says': says,
      'mx2.example.com IPv6 says': says,
    });
    const found = servedHostsOfRounds([roundWith(served)], { id: 'mx', host: null });
    expect(found.map(({ name, address }) => [name, address])).toEqual([
      ['mx1.example.com', null],
      ['mx2.example.com', null],
    ]);
    const families = servedHostsOfRounds(
      [roundWith({ 'IPv4 says': says, 'IPv6 says': says.replace('mx1', 'six') })],
      target,
    );
    expect(families.map(({ name, greeting }) => [name, greeting])).toEqual([
      ['mx1.example.com', 'mx1.example.com'],
      ['mx1.example.com', 'six.example.com'],
    ]);
  });
  test('nothing recorded', () => expect(servedHostsOfRounds([roundWith(undefined)], target)).toEqual([]));
});

test('texts of another version, or damaged ones: hosts, no exception', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom('- - -', '', 'trusted - x/AAAA', '=says', '? ? ?'),
  );
  const names = fc.constantFrom('says', 'chain', 'mx2.example.com says', 'IPv4 chain', 'future', '', ' ');
  fc.assert(
    fc.property(fc.dictionary(names, text), (served) => {
      for (const { certificates: all } of servedHostsOfRounds([roundWith(served)], target).flatMap(
        ({ chain }) => chain ?? [],
      ))
        for (const { key, validTo } of all)
          expect([key.sha256.length, Number.isNaN(Date.parse(validTo))]).toEqual([64, false]);
    }),
  );
});

test('the attribute is a map of texts', () => {
  expect([{ served: { says: 'a b c' } }, { served: {} }, {}].map(isMore)).toEqual([true, true, true]);
  expect([{ served: { says: 1 } }, { served: 'says' }, { served: [] }].map(isMore)).toEqual([false, false, false]);
  // Attributes that a reader does not know are no mistake, so that a release before this one reads the item, too.
  expect(isMore({ facts: { starttls: 'offered' }, served: { says: 'a b c' }, later: 1 })).toBe(true);
});
