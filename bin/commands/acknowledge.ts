import { userInfo } from 'node:os';
import { Command } from 'commander';
import { acknowledgeIncident } from '../../lambda/consensus/incident/acknowledge.ts';
import { isOpen } from '../../lambda/consensus/judgement/incident.ts';
import { acknowledgePosture } from '../../lambda/consensus/posture/acknowledge-posture.ts';
import type { History } from '../../lambda/history/history.ts';
import { openPostureHistory, type PostureHistory } from '../../lambda/history/posture/posture-history.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { knownSubject } from '../arguments/known-names.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface AcknowledgeOptions extends StoreOptions {
  readonly by: string;
}

/** Attempts, because the judge writes the same item. */
const ATTEMPTS = 5;

const HELP = `
Examples:
  smtp-quorum acknowledge mx1                          no more updates; the recovery is still alerted
  smtp-quorum acknowledge mx1 --by ops@example.com
  smtp-quorum acknowledge example.com                  what is open of its posture is no longer repeated each day`;

export function acknowledgeCommand(): Command {
  const command = new Command('acknowledge')
    .argument('<target>', 'target with an open incident, or domain with open findings of its posture')
    .option('--by <name>', 'who handles the incident', userInfo().username);
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(target: string, options: AcknowledgeOptions): Promise<void> {
  await withStore(options, async (store) => {
    const id = (await isDomain(store, target))
      ? await acknowledgeDomain(openPostureHistory(store.table), target, options.by)
      : await acknowledge(store.history, knownSubject(target, store), options.by);
    process.stdout.write(`${escapeForDisplay(`acknowledged ${id}, by ${options.by}`)}\n`);
  });
}

/** Whether the name is that of a domain with open findings, and not that of a target with an open incident. */
async function isDomain({ table, judgements }: ReportSource, name: string): Promise<boolean> {
  const incident = judgements.find((judgement) => judgement.target === name)?.incident ?? null;
  if (isOpen(incident)) return false;
  const verdict = await openPostureHistory(table).postureVerdict(name);
  return verdict !== null && Object.keys(verdict.episodes).length > 0;
}

/** Returns the ids of what is open. */
async function acknowledgeDomain(history: PostureHistory, domain: string, by: string): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await history.postureVerdict(domain);
    const open = Object.values(stored?.episodes ?? {}).filter(({ acknowledged }) => acknowledged === undefined);
    if (stored === null || open.length === 0) throw new UsageError(`what is open of ${domain} is acknowledged already`);
    const { version, ...before } = stored;
    const next = acknowledgePosture(before, by, Date.now());
    if (await history.writePostureVerdict(next, version)) return open.map(({ id }) => id).join(', ');
  }
  throw new UsageError(`the posture of ${domain} changed during the update; try again`);
}

/** Returns the id of the incident. Writes only if the judgement has not changed since it was read. */
async function acknowledge({ judgement, writeJudgement }: History, target: string, by: string): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await judgement(target);
    const incident = stored?.incident ?? null;
    if (stored === null || !isOpen(incident)) throw new UsageError(`${target} has no open incident`);
    if (incident.acknowledged) {
      throw new UsageError(
        `${incident.id} was acknowledged by ${incident.acknowledged.by} at ${incident.acknowledged.at}`,
      );
    }
    const { version, lease, ...before } = stored;
    if (await writeJudgement(acknowledgeIncident(before, by, Date.now()), version, lease)) return incident.id;
  }
  throw new UsageError(`the judgement of ${target} changed during the update; try again`);
}
