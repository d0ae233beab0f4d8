import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_HOST } from '../../../lambda/bounces/providers.ts';
import { TOKEN_FIELD, verifyToken } from '../../../lambda/trip/message/token.ts';
import { inProcess } from '../../bin/cli.ts';
import { freePorts } from '../daemon.ts';
import { complaints } from '../guest.ts';
import { bouncesOf } from './bounces-of.ts';
import { type TakenTrip, TRIP_KEY, type TripOrder, takeTrip } from './take-trip.ts';
import { missingTripLab, startTripLab, type TripLab } from './trip-lab.ts';
import { RECEIVER, RELAY, SEEDS, SENDER, type Seed } from './trip-world.ts';

/** Postfix ends the connection after QUIT, and Exim waits for the end of TLS. */
const HASTY_END = /TLS error on connection \(recv\): Error in the pull function/;

const reason = missingTripLab();

/** Seconds stand for minutes. */
const QUICK = { warn: 10_000, fail: 20_000 };
const EXPECT = { folder: 'inbox', spf: 'pass', dkim: 'pass', dmarc: 'pass', tls: true, unchanged: true } as const;
const HEALTHY: TripOrder = { seed: 'healthy', protocol: 'imap', limits: QUICK, expect: EXPECT };

describe.skipIf(reason !== null)(`Round trips${reason === null ? '' : ` (${reason})`}`, () => {
  let lab: TripLab;

  beforeAll(async () => {
    lab = await startTripLab();
  });
  afterAll(() => lab?.stop());

  /** Whose mail was sent. */
  const sent: Seed[] = [];

  function take(order: Partial<TripOrder>): Promise<TakenTrip> {
    sent.push(order.seed ?? HEALTHY.seed);
    return takeTrip(lab, { ...HEALTHY, ...order });
  }

  /** What is told of a trip, and its codes. */
  async function codesOf(order: Partial<TripOrder>): Promise<readonly [TakenTrip, readonly string[]]> {
    const trip = await take(order);
    return [trip, trip.verdict.findings.map(({ code }) => code)];
  }

  test.each(['imap', 'pop3'] as const)('mail arrives as it was sent, read by %s', async (protocol) => {
    const [{ state, verdict }, codes] = await codesOf({ protocol });
    expect(codes, JSON.stringify(verdict)).toEqual(['arrived']);
    const [arrival] = state.arrivals;
    expect(arrival).toMatchObject({ folder: 'inbox', results: { spf: 'pass', dkim: 'pass', dmarc: 'pass' } });
    expect(arrival?.alterations.map(({ code }) => code)).toEqual([]);
    expect(arrival?.hops.map(({ host, protocol, tls, acceptedByUs }) => [host, protocol, tls, acceptedByUs])).toEqual([
      [SENDER.host, 'ESMTPSA', true, true],
      [RECEIVER.host, 'ESMTPS', true, false],
      [RECEIVER.host, 'LMTP', false, false],
    ]);
  });

  test('greylisted mail is slow', async () => {
    const [{ verdict }, codes] = await codesOf({ seed: 'greylisted', limits: { warn: 1_000, fail: 20_000 } });
    expect(codes).toEqual(['slow']);
    expect(verdict.total).toBeGreaterThan(1_000);
    expect(verdict.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
  });

  test('mail that waits for the next hop is given up, and late when it arrives after all', async () => {
    await lab.receiver.stop();
    const taken = take({ limits: { warn: 1_000, fail: 2_500 } });
    await sleep(4_000);
    await lab.receiver.start();
    const trip = await taken;
    expect(trip.verdict.findings.map(({ code }) => code)).toEqual(['not-arrived']);
    const { verdict } = await trip.untilArrival();
    expect(verdict.findings.map(({ code }) => code)).toEqual(['late']);
    expect(verdict.total).toBeGreaterThan(4_000);
    expect(verdict.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
  });

  test('the hops of a way over Exim', async () => {
    // Its address is that of no sender of the domain, and SPF of all of them is the same here.
    const [{ state, verdict }, codes] = await codesOf({ seed: 'relayed' });
    expect(codes, JSON.stringify(verdict)).toEqual(['arrived']);
    expect(state.arrivals[0]?.hops.map(({ host, protocol, tls }) => [host, protocol, tls])).toEqual([
      [SENDER.host, 'ESMTPSA', true],
      [RELAY.host, 'ESMTPS', true],
      [RECEIVER.host, 'ESMTPS', true],
      [RECEIVER.host, 'LMTP', false],
    ]);
  });

  test('spam is in the junk folder', async () => {
    const [{ state }, codes] = await codesOf({ seed: 'junked', limits: QUICK });
    expect(codes).toEqual(['junked']);
    expect(state.arrivals).toMatchObject([{ folder: 'junk' }]);
  });

  test('POP3 does not see the junk folder', async () => {
    const [, codes] = await codesOf({ seed: 'junked', protocol: 'pop3', limits: { warn: 1_000, fail: 1_500 } });
    expect(codes).toEqual(['not-arrived']);
  });

  test('the footer of a gateway alters the message, and breaks its signature', async () => {
    const [{ state }, codes] = await codesOf({ seed: 'altered', limits: QUICK });
    expect(codes).toEqual(['altered']);
    const alterations = state.arrivals.flatMap((arrival) => arrival.alterations.map(({ code }) => code));
    expect(alterations).toEqual(['text-footer', 'html-footer', 'dkim-broken']);
    // The receiver had verified the signature before.
    expect(state.arrivals[0]?.results.dkim).toBe('pass');
  });

  test.each(['full', 'refused', 'relayedFull'] as const)(
    'mail over the quota (%s) comes back with 5.2.2',
    async (seed) => {
      const [{ id }, codes] = await codesOf({ seed, limits: { warn: 500, fail: 1_500 } });
      expect(codes).toEqual(['not-arrived']);
      const bounces = (await bouncesOf(lab)).filter(({ original }) =>
        original.some(
          ({ name, value }) => name === TOKEN_FIELD.toLowerCase() && verifyToken(value, TRIP_KEY)?.id === id,
        ),
      );
      expect(bounces).toHaveLength(1);
      const [recipient] = bounces[0]?.recipients ?? [];
      expect(recipient).toMatchObject({ action: 'failed', status: '5.2.2', domain: RECEIVER.domain });
      expect(recipient?.diagnostic).toMatch(/quota/i);
    },
  );

  test('a mailbox that cannot be read says nothing of the mail', async () => {
    const { closed } = await freePorts('closed');
    const [trip, codes] = await codesOf({ port: closed, limits: { warn: 500, fail: 1_500 } });
    expect(codes).toEqual(['receiver-unreachable']);
    expect(trip.verdict.outcome).toBe('unable');
  });

  test('mail to /dev/null does not arrive', async () => {
    const [{ verdict }, codes] = await codesOf({ seed: 'lost', limits: { warn: 500, fail: 2_000 } });
    expect(codes).toEqual(['not-arrived']);
    expect(verdict.outcome).toBe('fail');
  });

  test('bounces --log counts what happened, and names nobody', async () => {
    const refused = sent.filter((seed) => seed === 'refused').length;
    const deferred = sent.filter((seed) => seed === 'greylisted').length;
    const [ofSender] = await countsOf(join(lab.folder, 'sender'));
    expect(ofSender).toMatchObject([
      { from: SENDER.domain, provider: '127.0.0.1', delivered: sent.length - refused, bounced: refused, deferred },
      // The next hop was down once.
      { from: SENDER.domain, provider: NO_HOST, delivered: 0, bounced: 0, deferred: 1 },
    ]);
    const full = sent.filter((seed) => seed === 'full').length;
    const atRelay = sent.filter((seed) => seed === 'relayedFull').length;
    const lost = sent.filter((seed) => seed === 'lost').length;
    const [ofReceiver, text] = await countsOf(join(lab.folder, 'receiver'));
    // What `local` writes to a file went to no other host.
    const delivered = sent.length - refused - atRelay - full - lost;
    expect(ofReceiver).toMatchObject([{ from: SENDER.domain, delivered, bounced: full, deferred: 0 }]);
    expect(text).toContain('5.2.2');
  });

  test('the logs of the servers do not complain of each other, or of us', () => {
    for (const server of [lab.sender, lab.receiver]) {
      expect(server.log().length).toBeGreaterThan(0);
      expect(complaints('Postfix', server.log())).toEqual([]);
      expect(server.log().filter((line) => /: (?:warning|error|fatal|panic): /.test(line))).toEqual([]);
    }
    expect(lab.relay.log().length).toBeGreaterThan(0);
    expect(complaints('Exim', lab.relay.log()).filter((line) => !HASTY_END.test(line))).toEqual([]);
    expect(complaints('Dovecot', lab.mailboxes.log())).toEqual([]);
    expect(lab.mailboxes.log().filter((line) => /: (?:Warning|Error|Fatal|Panic): /.test(line))).toEqual([]);
  });
});

/** What `bounces` counts in the log of a Postfix, and all that it prints and keeps. */
async function countsOf(folder: string): Promise<readonly [unknown, string]> {
  const [log, place] = [join(folder, 'maillog'), join(folder, 'place.json')];
  const { stdout } = await inProcess(['bounces', '--log', log, '--place', place, '--at-least', '1', '--json']);
  const text = stdout + readFileSync(place, 'utf8');
  for (const name of [SENDER.user.split('@')[0], ...Object.values(SEEDS)]) expect(text).not.toContain(`${name}@`);
  // A second time there is nothing new.
  const again = await inProcess(['bounces', '--log', log, '--place', place, '--at-least', '1', '--json']);
  expect(JSON.parse(again.stdout).providers).toEqual(JSON.parse(stdout).providers);
  return [JSON.parse(stdout).providers, text];
}
