import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { NO_HOST } from '../../../lambda/bounces/providers.ts';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import type { Dsn } from '../../../lambda/standards/dsn/dsn.ts';
import { TOKEN_FIELD, verifyToken } from '../../../lambda/trip/message/token.ts';
import { inProcess } from '../../bin/cli.ts';
import { freePorts } from '../daemon.ts';
import { bouncesOf } from './bounces-of.ts';
import { unexpectedLines } from './log-reasons.ts';
import { roundtripOfRow } from './roundtrip-of-row.ts';
import { ROUNDTRIP_ROWS } from './roundtrip-rows.ts';
import { TRIP_KEY, type TripOrder } from './trip-config.ts';
import { missingTripLab, startTripLab, type TripLab } from './trip-lab.ts';
import { startTripMonitor } from './trip-monitor.ts';
import { PASSWORD, RECEIVER, RELAY, SEEDS, SENDER } from './trip-world.ts';

const VANTAGES = ['eu-central-1', 'us-east-1'];

/** Of mail that arrives, however busy the machine is: the clock is moved on by a minute with each run. */
const PATIENT = { warn: '59m', fail: '1h' } as const;

const reason = missingTripLab();

describe.skipIf(reason !== null)(`Round trips${reason === null ? '' : ` (${reason})`}`, () => {
  let lab: TripLab;

  beforeAll(async () => {
    lab = await startTripLab();
  });
  afterAll(() => lab?.stop());

  /** One trip from its claim to its end, and its codes. The mail of the trip arrives. */
  async function tripOf(order: TripOrder): Promise<readonly [TripRecord, readonly string[]]> {
    const record = await startTripMonitor(lab, { ...PATIENT, ...order }).untilEnd();
    return [record, codesOf(record)];
  }

  test.each(['imap', 'pop3'] as const)('mail arrives as it was sent, read by %s', async (protocol) => {
    const [{ arrivals, verdict }, codes] = await tripOf({ seed: 'healthy', protocol });
    expect(codes, JSON.stringify(verdict)).toEqual(['arrived']);
    const [arrival] = arrivals;
    expect(arrival).toMatchObject({ folder: 'inbox', results: { spf: 'pass', dkim: 'pass', dmarc: 'pass' } });
    expect(arrival?.alterations.map(({ code }) => code)).toEqual([]);
    expect(arrival?.hops.map(({ host, protocol, tls, acceptedByUs }) => [host, protocol, tls, acceptedByUs])).toEqual([
      [SENDER.host, 'ESMTPSA', true, true],
      [RECEIVER.host, 'ESMTPS', true, false],
      [RECEIVER.host, 'LMTP', false, false],
    ]);
  });

  test('a message that was read is removed, and no other', async () => {
    const before = messagesIn('healthy');
    const monitor = startTripMonitor(lab, { ...PATIENT, seed: 'healthy' });
    await lab.deliver('healthy', 'Subject: Round trip of somebody else\r\n\r\nKeep this.\r\n');
    await monitor.untilEnd();
    expect(messagesIn('healthy')).toBe(before + 1);
  });

  test('two runs at once send one message', async () => {
    const monitor = startTripMonitor(lab, { ...PATIENT, seed: 'healthy' });
    const reports = await Promise.all([monitor.run(), monitor.run(), monitor.run()]);
    expect(reports.flatMap(({ sent }) => sent)).toHaveLength(1);
    const ended = reports.flatMap((report) => report.ended);
    expect(ended.length).toBeLessThanOrEqual(1);
    // A run waits for a time.
    expect(codesOf(ended[0] ?? (await monitor.untilEnd()))).toEqual(['arrived']);
  });

  test('mail that waits for the next hop is given up, and late when it arrives after all', async () => {
    await lab.receiver.stop();
    const monitor = startTripMonitor(lab, { seed: 'healthy', warn: '500ms', fail: '1s' });
    const givenUp = await monitor.untilEnd();
    expect(codesOf(givenUp)).toEqual(['not-arrived']);
    const before = messagesIn('healthy');
    // Hosts count in seconds.
    await sleep(2_000);
    await lab.receiver.start();
    await vi.waitFor(() => expect(messagesIn('healthy')).toBe(before + 1), { timeout: 100_000 });
    const { verdict } = await monitor.untilEnd(({ id }) => id === givenUp.id, 10);
    expect(verdict?.findings.map(({ code }) => code)).toEqual(['late']);
    expect(verdict?.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
  });

  describe.concurrent('each by itself', () => {
    test.each(ROUNDTRIP_ROWS)('the command roundtrip: mail $what', async (row) => {
      const { code, said, text } = await roundtripOfRow(lab, row);
      expect([code, said.findings.map((finding) => finding.code)], text).toEqual([row.code, row.findings]);
      expect(said.receive.folder).toBe(row.folder);
      expect(said.alterations.map((alteration) => alteration.code)).toEqual(row.alterations ?? []);
      expect(said.send.queueId).toMatch(/^[0-9A-F]{8,}$/);
      expect(text).not.toContain(PASSWORD);
      if (row.folder !== null) expect(said.results).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'pass' });
    });

    test('greylisted mail is slow', async () => {
      const [{ verdict, arrivals }, codes] = await tripOf({ seed: 'greylisted', warn: '1s', fail: '1h' });
      expect(codes, JSON.stringify(arrivals)).toEqual(['slow']);
      expect(verdict?.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
    });

    test('the hops of a way over Exim', async () => {
      const [{ verdict, arrivals }, codes] = await tripOf({ seed: 'relayed' });
      expect(codes, JSON.stringify(verdict)).toEqual(['arrived']);
      expect(arrivals[0]?.hops.map(({ host, protocol, tls }) => [host, protocol, tls])).toEqual([
        [SENDER.host, 'ESMTPSA', true],
        [RELAY.host, 'ESMTPS', true],
        [RECEIVER.host, 'ESMTPS', true],
        [RECEIVER.host, 'LMTP', false],
      ]);
    });

    test('spam is in the junk folder', async () => {
      const [{ arrivals }, codes] = await tripOf({ seed: 'junked' });
      expect(codes).toEqual(['junked']);
      expect(arrivals).toMatchObject([{ folder: 'junk' }]);
    });

    test('the footer of a gateway alters the message, and breaks its signature', async () => {
      const [{ arrivals }, codes] = await tripOf({ seed: 'altered' });
      expect(codes).toEqual(['altered']);
      const alterations = arrivals.flatMap((arrival) => arrival.alterations.map(({ code }) => code));
      expect(alterations).toEqual(['text-footer', 'html-footer', 'dkim-broken']);
      // The receiver had verified the signature before.
      expect(arrivals[0]?.results.dkim).toBe('pass');
    });

    test.each(['full', 'refused', 'relayedFull'] as const)(
      'mail over the quota (%s) comes back with 5.2.2',
      async (seed) => {
        const record = await startTripMonitor(lab, { seed }).untilEnd();
        expect(codesOf(record)).toEqual(['not-arrived']);
        const [bounce, ...more] = await bouncesOfTrip(record);
        expect(more).toEqual([]);
        const [recipient] = bounce?.recipients ?? [];
        expect(recipient).toMatchObject({ action: 'failed', status: '5.2.2', domain: RECEIVER.domain });
        expect(recipient?.diagnostic).toMatch(/quota/i);
      },
    );

    test('a mailbox that cannot be read says nothing of the mail, and nobody is told', async () => {
      const { closed } = await freePorts('closed');
      const monitor = startTripMonitor(lab, { seed: 'healthy', port: closed }, VANTAGES);
      for (let nth = 0; nth < 3; nth++) {
        const record = await monitor.untilEnd(({ verdict }) => verdict !== null);
        expect(codesOf(record)).toEqual(['receiver-unreachable']);
        expect(record.verdict?.outcome).toBe('unable');
        monitor.wait(60);
      }
      expect(await monitor.alerts()).toEqual([]);
    });

    test('mail to /dev/null does not arrive, and people are told after a second trip from another vantage', async () => {
      const monitor = startTripMonitor(lab, { seed: 'lost' }, VANTAGES);
      const first = await monitor.untilEnd();
      expect(codesOf(first)).toEqual(['not-arrived']);
      expect(await monitor.alerts()).toEqual([]);
      monitor.wait(1);
      const second = await monitor.untilEnd(({ id }) => id !== first.id);
      expect(codesOf(second)).toEqual(['not-arrived']);
      expect(second.isSecond && second.vantage !== first.vantage).toBe(true);
      expect(await monitor.alerts()).toEqual([
        `trip: 2 trips in a row failed, sent from ${first.vantage} and ${second.vantage}`,
      ]);
    });
  });

  test('bounces --log counts what happened, and names nobody', async () => {
    const { sender, receiver } = lab;
    const [ofSender] = await countsOf(join(lab.folder, 'sender'));
    expect(ofSender).toMatchObject([
      { from: SENDER.domain, provider: '127.0.0.1', ...countedByHand(sender.log(), 'smtp') },
      // The next hop was down once.
      { from: SENDER.domain, provider: NO_HOST, delivered: 0, bounced: 0, deferred: 1 },
    ]);
    expect(ofSender).toMatchObject([{ bounced: 2, deferred: 2 }, {}]);
    const [ofReceiver, text] = await countsOf(join(lab.folder, 'receiver'));
    // What `local` writes to a file went to no other host, and the reports are of the null sender.
    expect(ofReceiver).toMatchObject([{ from: SENDER.domain, ...countedByHand(receiver.log(), 'lmtp') }]);
    expect(ofReceiver).toMatchObject([{ bounced: 2 }]);
    expect(text).toContain('5.2.2');
  });

  test.each([
    ['Postfix', 'of the sender', () => lab.sender.log()],
    ['Postfix', 'of the receiver', () => lab.receiver.log()],
    ['Exim', 'on the way', () => lab.relay.log()],
    ['Dovecot', 'with the mailboxes', () => lab.mailboxes.log()],
    ['rspamd', 'of the receiver', () => lab.filterLog()],
  ] as const)('the log of %s %s does not complain of others, or of us', (server, _, log) => {
    expect(log().length).toBeGreaterThan(0);
    expect(unexpectedLines(server, log())).toEqual([]);
  });

  test('OpenDKIM of the sender has nothing to say', () =>
    expect(unexpectedLines('OpenDKIM', lab.signerLog())).toEqual([]));

  test.each([
    ['Postfix', 'postfix/smtpd[9]: improper command pipelining after DATA from localhost[127.0.0.1]: QUIT'],
    ['Postfix', 'postfix/smtpd[9]: lost connection after RCPT from localhost[127.0.0.1]'],
    ['Postfix', 'postfix/cleanup[9]: warning: milter inet:127.0.0.1:1: unreasonable packet length'],
    ['Exim', 'SMTP protocol synchronization error (input sent without waiting for greeting)'],
    ['Dovecot', 'Nov 26 13:00:00 imap(seed)<9><x>: Error: mailbox INBOX: broken'],
    ['Dovecot', 'Nov 26 13:00:00 imap-login: Info: Aborted login (auth failed)'],
    ['rspamd', '2026-11-26 13:00:00 #9(proxy) <x>; milter; rspamd_milter_process_command: invalid command'],
  ] as const)('a line of %s that complains is seen: %s', (server, line) => {
    expect(unexpectedLines(server, ['a line', line])).toEqual([line]);
  });

  /** Waits for the first one. */
  async function bouncesOfTrip({ id }: TripRecord): Promise<readonly Dsn[]> {
    const isOfTrip = ({ name, value }: Dsn['original'][number]) =>
      name === TOKEN_FIELD.toLowerCase() && verifyToken(value, TRIP_KEY)?.id === id;
    const look = async () => (await bouncesOf(lab)).filter(({ original }) => original.some(isOfTrip));
    return await vi.waitUntil(() => look().then((found) => found.length > 0 && found), {
      timeout: 100_000,
      interval: 500,
    });
  }

  function messagesIn(seed: keyof typeof SEEDS): number {
    const maildir = join(lab.folder, 'dovecot/home', SEEDS[seed], 'mail');
    return ['new', 'cur'].flatMap((part) => readdirSync(join(maildir, part))).length;
  }
});

function codesOf({ verdict }: TripRecord): readonly string[] {
  return (verdict?.findings ?? []).map(({ code }) => code);
}

/** Messages in the lines of a service that reached a host. A deferred one counts once. */
function countedByHand(log: readonly string[], service: 'smtp' | 'lmtp') {
  const lines = log.filter((line) => line.includes(`postfix/${service}[`) && !line.includes('relay=none'));
  const count = (status: string) =>
    new Set(lines.filter((line) => line.includes(`status=${status}`)).map((line) => line.split(' ')[5])).size;
  return { delivered: count('sent'), bounced: count('bounced'), deferred: count('deferred') };
}

/** What `bounces` counts in the log of a Postfix, and all that it prints and keeps. */
async function countsOf(folder: string): Promise<readonly [unknown, string]> {
  const [log, place] = [join(folder, 'maillog'), join(folder, 'place.json')];
  const command = ['bounces', '--log', log, '--place', place, '--at-least', '1', '--json'];
  const { stdout } = await inProcess(command);
  const text = stdout + readFileSync(place, 'utf8');
  for (const name of [SENDER.user.split('@')[0], ...Object.values(SEEDS)]) expect(text).not.toContain(`${name}@`);
  // A second time there is nothing new.
  const again = await inProcess(command);
  expect(JSON.parse(again.stdout).providers).toEqual(JSON.parse(stdout).providers);
  return [JSON.parse(stdout).providers, text];
}
