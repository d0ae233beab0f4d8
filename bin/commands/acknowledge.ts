import { userInfo } from 'node:os';
import { Command } from 'commander';
import { acknowledge } from '../../lambda/answer/incidents/acknowledge.ts';
import { type IncidentStores, openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { type OpenIncident, openIncidents } from '../../lambda/answer/incidents/open-incidents.ts';
import { DRILL } from '../../lambda/consensus/drill/drill.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { knownSubject } from '../arguments/known-names.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface AcknowledgeOptions extends StoreOptions {
  readonly by: string;
}

const HELP = `
Examples:
  smtp-quorum acknowledge mx1                          no more updates; the recovery is still alerted
  smtp-quorum acknowledge mx1 --by ops@example.com
  smtp-quorum acknowledge example.com                  what is open of its posture and bounces is no longer repeated
  smtp-quorum acknowledge out                          a round trip
  smtp-quorum acknowledge drill                        the drill that is open

Also by a link in mail, a button in Slack, or in PagerDuty: docs/acknowledge.md.`;

export function acknowledgeCommand(): Command {
  const command = new Command('acknowledge')
    .argument('<target>', 'target, domain or round trip with an open incident, or `drill`')
    .option('--by <name>', 'who handles the incident', userInfo().username);
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(name: string, options: AcknowledgeOptions): Promise<void> {
  await withStore(options, async (store) => {
    const stores = openIncidentStores(store.table);
    const open = (await openIncidents(stores, name)).filter(({ acknowledged }) => acknowledged === undefined);
    if (open.length === 0) throw new UsageError(await whyNothing(stores, store, name));
    const ids: string[] = [];
    for (const { id } of open) ids.push(await acknowledgeOne(stores, id, options.by));
    process.stdout.write(`${escapeForDisplay(`acknowledged ${ids.join(', ')}, by ${options.by}`)}\n`);
  });
}

/** Returns the id. */
async function acknowledgeOne(stores: IncidentStores, id: string, by: string): Promise<string> {
  const done = await acknowledge(stores, id, by, Date.now());
  switch (done.outcome) {
    case 'acknowledged':
      return id;
    case 'already':
      throw new UsageError(wasAcknowledged(done.incident));
    case 'over':
      throw new UsageError(`${id} ended during the update`);
    case 'busy':
      throw new UsageError(`the verdict of ${id} changed during the update; try again`);
    default:
      return done satisfies never;
  }
}

/** @throws UsageError that suggests a name, if nothing is known by this one */
async function whyNothing(stores: IncidentStores, store: ReportSource, name: string): Promise<string> {
  const open = await openIncidents(stores, name);
  if (open.length === 1 && open[0] !== undefined) return wasAcknowledged(open[0]);
  if (name === DRILL && open.length === 0) return 'no drill is open';
  if (open.length > 0) return `what is open of ${name} is acknowledged already`;
  return `${knownSubject(name, store)} has no open incident`;
}

function wasAcknowledged({ id, acknowledged }: OpenIncident): string {
  return `${id} was acknowledged already, by ${acknowledged?.by} at ${acknowledged?.at}`;
}
