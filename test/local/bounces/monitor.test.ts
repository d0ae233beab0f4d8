import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { startMonitor } from '../../../local/monitor.ts';
import { target, testPorts } from '../../ports.ts';

/** A message to a person that a provider refuses, as Postfix logs it now. */
function refusal(nth: number): string {
  const time = `${new Date().toISOString().replace('Z', '+00:00')} mail`;
  const id = `4FAB${String(nth).padStart(5, '0')}`;
  return [
    `${time} postfix/qmgr[9]: ${id}: from=<news@example.com>, size=900, nrcpt=1 (queue active)`,
    `${time} postfix/smtp[7]: ${id}: to=<jane.roe@example.net>, relay=mx.olc.protection.outlook.com[192.0.2.3]:25, delay=1.5, delays=0/0/1/0.5, dsn=5.7.515, status=bounced (host mx.olc.protection.outlook.com[192.0.2.3] said: 550 5.7.515 Access denied <jane.roe@example.net>)`,
    '',
  ].join('\n');
}

test('start follows the log of its config, and tells once that a provider refuses', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-bounces-'));
  const log = path.join(folder, 'mail.log');
  await writeFile(log, '');
  const config: Config = {
    ...testPorts([target('closed', 1)]).ports.config,
    home: 'local',
    policy: { ...policyDefaults(1), vantages: ['local'], every: 60_000 },
    bounces: { policy: BOUNCE_POLICY, ses: false, logs: [log] },
  };
  const alerts: Alert[] = [];
  const errors: string[] = [];
  try {
    await appendFile(log, Array.from({ length: 60 }, (_, nth) => refusal(nth)).join(''));
    const monitor = await startMonitor(config, folder, {
      onRoundStart: () => {},
      onRoundEnd: () => {},
      onLateSamples: () => {},
      showAlert: ({ alert }) => void alerts.push(alert),
      onError: (what, error) => void errors.push(`${what}: ${error}`),
      onGaps: () => {},
      onHistoryNotice: () => {},
      onLog: () => {},
    });
    const told = () => alerts.filter(({ kind }) => kind === 'bounces');
    await expect.poll(() => told().length).toBeGreaterThan(0);
    await monitor.stop();
    expect(errors).toEqual([]);
    expect(told().map((alert) => alertTexts(alert, config).default)).toEqual([
      expect.stringMatching(
        /^example\.com: Microsoft began 5\.7\.515 at \d\d:\d\d UTC: 60 of 60 bounced in the last hour$/,
      ),
    ]);
    expect(JSON.stringify(told())).not.toMatch(/jane|roe/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
