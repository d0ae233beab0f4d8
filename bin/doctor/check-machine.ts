import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { diagnose } from '../../lambda/probe/diagnosis.ts';
import { readSecret } from '../../local/secrets.ts';
import { withStore } from '../store/store.ts';
import { type CheckContext, historyOf, onceEach, reachQuestions } from './check-context.ts';
import { type Checked, passed, problem } from './check-result.ts';
import { localChecks, runChecks } from './checks.ts';

/** This machine as the one vantage; without a history there is no last round, which is a finding of its own. */
export async function checkMachine(config: Config, folder: string): Promise<readonly Checked[]> {
  const local: Config = { ...config, home: localVantage, policy: { ...config.policy, vantages: [localVantage] } };
  const ports = { config: local, vantage: localVantage, secret: readSecret };
  const world = (records: Pick<CheckContext, 'lastRound' | 'judgements'>): CheckContext => ({
    config: local,
    now: Date.now(),
    diagnosis: onceEach(() => diagnose(ports, { diagnose: reachQuestions(local) })),
    probeIp: async () => null,
    ...records,
  });
  const look = (records: Pick<CheckContext, 'lastRound' | 'judgements'>) =>
    runChecks(localChecks(local), world(records));
  const about = { check: 'history', region: localVantage };
  if (!existsSync(folder)) {
    const none = problem('warn', `no history at ${resolve(folder)}`, "start the monitor: 'npm start'");
    return [{ ...about, ...none }, ...(await look({ lastRound: async () => null, judgements: async () => [] }))];
  }
  const found = { ...about, ...passed(resolve(folder)) };
  return await withStore({ folder }, async ({ history }) => [found, ...(await look(historyOf(history)))]);
}
