import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readBounceMailbox } from '../../../lambda/bounce-mailbox/read-bounce-mailbox.ts';
import { openMailProviders } from '../../../lambda/bounce-watch/mail-providers.ts';
import { sumRows } from '../../../lambda/bounces/counts.ts';
import { openBounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import { probe } from '../../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { unexpectedLines } from './log-reasons.ts';
import { missingTripLab, startTripLab, type TripLab } from './trip-lab.ts';
import { FULL, PASSWORD, RECEIVER, SEEDS, SENDER, type Seed, seedAddress } from './trip-world.ts';

const reason = missingTripLab();

describe.skipIf(reason !== null)(`A bounce mailbox${reason === null ? '' : ` (${reason})`}`, () => {
  let lab: TripLab;

  beforeAll(async () => {
    lab = await startTripLab();
  });
  afterAll(() => lab?.stop());

  test('reports of Postfix and Exim are counted once, and removed; a letter stays, and nobody is named', async () => {
    for (const seed of FULL) await send(seedAddress(seed));
    await send(SENDER.user);
    const isLogged = (pattern: RegExp) => lab.mailboxes.log().filter((line) => pattern.test(line)).length;
    // Three reports, and the letter.
    await vi.waitFor(() => expect(isLogged(/lmtp\(canary@.*stored mail/)).toBe(4), { timeout: 100_000 });
    const items: Item[] = [];
    const table = openInMemoryTable();
    const history = openBounceHistory({
      ...table,
      put: (item, condition) => {
        items.push(item);
        return table.put(item, condition);
      },
    });
    const providers = openMailProviders(async () => [], Date.now);
    const read = async () => {
      const session = await openMailbox(endpoint(), { user: SENDER.user, password: PASSWORD });
      const folder = { source: 'mailbox-1', folder: 'INBOX', remove: true };
      const result = await readBounceMailbox({ history, providers, now: Date.now }, session, folder, new Set());
      await session.end();
      return result;
    };
    expect(await read()).toMatchObject({ counted: 3, fetched: 4, others: 1, removed: 3 });
    expect(await read()).toMatchObject({ counted: 0, fetched: 1, others: 1, removed: 0 });
    const now = Date.now();
    const rows = sumRows(await history.lastDay(now, 0), 0, now + 3_600_000);
    expect(rows).toMatchObject([
      { from: SENDER.domain, provider: '127.0.0.1', bounced: 3, codes: { '5.2.2': { bounced: 3 } } },
    ]);
    const stored = JSON.stringify(items);
    expect(stored).toContain('5.2.2');
    for (const name of ['canary', ...FULL.map((seed: Seed) => SEEDS[seed])]) expect(stored).not.toContain(`${name}@`);
  });

  test('the logs of the servers complain neither of others nor of us', () => {
    const { sender, receiver, relay, mailboxes } = lab;
    const logs = [sender.log(), receiver.log(), relay.log(), mailboxes.log()];
    for (const log of logs) expect(log.length).toBeGreaterThan(0);
    expect([...sender.log(), ...receiver.log()].flatMap((line) => unexpectedLines('Postfix', [line]))).toEqual([]);
    expect(unexpectedLines('Exim', relay.log())).toEqual([]);
    expect(unexpectedLines('Dovecot', mailboxes.log())).toEqual([]);
    expect(unexpectedLines('rspamd', lab.filterLog())).toEqual([]);
    expect(unexpectedLines('OpenDKIM', lab.signerLog())).toEqual([]);
  });

  async function send(to: string): Promise<void> {
    const sample = await probe({
      ...{ host: '127.0.0.1', port: lab.submission, security: 'starttls', ehloName: 'probe.example.com' },
      ...{ serverName: SENDER.host, ca: lab.certificate.ca, auth: { user: SENDER.user, password: PASSWORD } },
      ...{ mailFrom: SENDER.user, rcptTo: [to], deliver: true },
    });
    expect(sample.outcome, sample.transcript.join('\n')).toBe('pass');
  }

  function endpoint() {
    const { ports } = lab.mailboxes;
    const { ca } = lab.certificate;
    return {
      ...({ protocol: 'imap', host: '127.0.0.1', port: ports.imaps, security: 'tls' } as const),
      ...{ serverName: RECEIVER.host, ca },
    };
  }
});
