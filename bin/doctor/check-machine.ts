import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import { diagnoseMailboxes } from '../../lambda/mailbox-check/diagnose-mailboxes.ts';
import { bounceQuestions, tripQuestions } from '../../lambda/mailbox-check/mailbox-questions.ts';
import { diagnoseLists } from '../../lambda/posture-watch/diagnose-lists.ts';
import { internetPorts } from '../../lambda/posture-watch/internet.ts';
import { diagnose } from '../../lambda/probe/diagnose-for-doctor.ts';
import { readSecret } from '../../local/secrets.ts';
import { withStore } from '../store/store.ts';
import {
  type CheckContext,
  type HistoryQueries,
  memoize,
  memoizeUses,
  queriesOf,
  reachQuestions,
} from './check-context.ts';
import { type NamedCheckResult, passed, problem } from './check-result.ts';
import { machineChecks, runChecks } from './checks.ts';

const QUESTIONS = { trips: tripQuestions, bounces: bounceQuestions } as const;

/** Checks this machine as the only vantage. A missing history is a result of its own. */
export async function checkMachine(config: Config, folder: string): Promise<readonly NamedCheckResult[]> {
  const local: Config = { ...config, home: localVantage, policy: { ...config.policy, vantages: [localVantage] } };
  const ports = { config: local, vantage: localVantage, secret: readSecret };
  const contextWith = (records: HistoryQueries): CheckContext => ({
    config: local,
    now: Date.now(),
    diagnosis: memoize(() => diagnose(ports, { diagnose: reachQuestions(local) })),
    postureDiagnosis: memoize(() => diagnoseLists({ ...ports, ...internetPorts(local) })),
    mailboxDiagnosis: memoizeUses((_, use) => diagnoseMailboxes({ ...ports, openMailbox }, QUESTIONS[use](local))),
    probeIp: async () => null,
    ...records,
  });
  const run = (records: HistoryQueries) => runChecks(machineChecks(local), contextWith(records));
  const about = { check: 'history', region: localVantage };
  if (!existsSync(folder)) {
    const none = problem('warn', `no history at ${resolve(folder)}`, "start the monitor with 'npx smtp-quorum start'");
    return [{ ...about, ...none }, ...(await run(emptyHistory))];
  }
  const found = { ...about, ...passed(resolve(folder)) };
  return await withStore({ folder }, async (_, { table }) => [found, ...(await run(queriesOf(table, local)))]);
}

const emptyHistory: HistoryQueries = {
  lastRound: async () => null,
  judgements: async () => [],
  channels: async () => [],
  unreadable: async () => [],
  drill: async () => null,
};
