import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { startMonitor } from '../../local/monitor.ts';
import type { ClockStep } from '../../local/schedules/monotonic-clock.ts';
import { freePort } from '../free-port.ts';
import { target, testPorts } from '../ports.ts';
import { mailServer, type ScriptedServer, serve } from '../smtp/scripted-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The monitor with one server, a round each second, and a clock that can be set. */
async function startWatch() {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  // It goes, and comes back on the same port.
  const server = await serve(mailServer(), '127.0.0.1', await freePort());
  const { config: base } = testPorts([target('mx1', server.port)]).ports;
  const policy = { ...policyDefaults(1), vantages: ['local'], every: 1000 };
  const config: Config = { ...base, home: 'local', policy };
  const [alerts, rounds, steps, errors]: [Alert[], string[], ClockStep[], string[]] = [[], [], [], []];
  let offset = 0;
  const listener = {
    onRoundStart: () => {},
    onRoundEnd: ({ round }: { readonly round: string }) => void rounds.push(round),
    showAlert: ({ alert }: SentMessage) => void alerts.push(alert),
    onError: (what: string, error: unknown) => void errors.push(`${what}: ${error}`),
    onGaps: () => {},
    onHistoryNotice: () => {},
    onLog: () => {},
    onClockStep: (step: ClockStep) => void steps.push(step),
  };
  const monitor = await startMonitor(config, folder, listener, () => Date.now() + offset);
  closing.push(() => monitor.stop());
  const until = async (what: () => boolean) => {
    for (let waited = 0; !what(); waited += 50) {
      if (waited > 120_000) throw new Error(`waited in vain; rounds ${rounds.join(' ')}`);
      await pause(50);
    }
  };
  const setClock = (milliseconds: number) => {
    offset += milliseconds;
  };
  return { server, alerts, rounds, steps, errors, until, setClock };
}

async function goDown(server: ScriptedServer): Promise<void> {
  await server.close();
}

test.each([{ by: -120_000 }, { by: 120_000 }])(
  'the clock is set by $by ms during an outage: no recovery is reported, and the real one is',
  async ({ by }) => {
    const { server, alerts, rounds, steps, errors, until, setClock } = await startWatch();
    await until(() => rounds.length >= 2);
    await goDown(server);
    await until(() => alerts.some(({ kind }) => kind === 'down'));
    const before = rounds.length;
    setClock(by);
    await until(() => rounds.length >= before + 6);
    expect(alerts.map(({ kind }) => kind)).toEqual(['down']);
    const again = await serve(mailServer(), '127.0.0.1', server.port);
    closing.push(() => again.close());
    await until(() => alerts.length >= 2);
    expect(alerts.map(({ kind }) => kind)).toEqual(['down', 'recovered']);
    expect(rounds).toEqual([...new Set(rounds)].sort());
    expect(steps.map((step) => Math.round(step.by / 1000))).toEqual([by / 1000]);
    expect(errors).toEqual([]);
  },
);

test('the clock is set back before an outage: it is paged as soon as ever', async () => {
  const { server, alerts, rounds, until, setClock } = await startWatch();
  await until(() => rounds.length >= 2);
  setClock(-120_000);
  await until(() => rounds.length >= 4);
  await goDown(server);
  const before = rounds.length;
  await until(() => alerts.length > 0);
  expect(alerts[0]?.kind).toBe('down');
  expect(rounds.length - before).toBeLessThanOrEqual(20);
});
