import { userInfo } from 'node:os';
import { Command } from 'commander';
import { acknowledgeIncident } from '../../lambda/consensus/incident/acknowledge.ts';
import { isOpen } from '../../lambda/consensus/judgement/incident.ts';
import type { History } from '../../lambda/history/history.ts';
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
  smtp-quorum acknowledge mx1 --by ops@example.com`;

export function acknowledgeCommand(): Command {
  const command = new Command('acknowledge')
    .argument('<target>', 'target with an open incident')
    .option('--by <name>', 'who handles the incident', userInfo().username);
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(target: string, options: AcknowledgeOptions): Promise<void> {
  await withStore(options, async (store) => {
    const id = await acknowledge(store.history, knownSubject(target, store), options.by);
    process.stdout.write(`${escapeForDisplay(`acknowledged ${id}, by ${options.by}`)}\n`);
  });
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
