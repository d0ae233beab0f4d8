import { userInfo } from 'node:os';
import { Command } from 'commander';
import { acknowledge } from '../../lambda/answer/incidents/acknowledge.ts';
import { type IncidentStores, openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { type OpenIncident, openIncidents } from '../../lambda/answer/incidents/open-incidents.ts';
import { matchesGlob } from '../../lambda/config/schema/notify/glob.ts';
import { DRILL } from '../../lambda/consensus/drill/drill.ts';
import type { ReportSource } from '../../lambda/reports/source/report-source.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { knownSubject } from '../arguments/known-names.ts';
import { checkPatterns, mutableNames } from '../arguments/planned/muted-names.ts';
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
  smtp-quorum acknowledge mx1 mx2 'edge-*'             several, also by patterns in quotes: what is open of them
  smtp-quorum acknowledge drill                        the drill that is open

Also by a link in mail, a button in Slack, or in PagerDuty: docs/acknowledge.md.`;

export function acknowledgeCommand(): Command {
  const command = new Command('acknowledge')
    .argument(
      '<targets...>',
      "targets, domains or round trips with an open incident, or `drill`; also patterns in quotes: 'mx*'",
    )
    .option('--by <name>', 'who handles the incident', userInfo().username);
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

/** Nothing is written if one of the names is wrong. */
async function run(names: readonly string[], options: AcknowledgeOptions): Promise<void> {
  await withStore(options, async (store) => {
    const stores = openIncidentStores(store.table);
    const known = names.some(isPattern) ? await mutableNames(store) : [];
    const found: OpenIncident[] = [];
    for (const name of names)
      found.push(...(isPattern(name) ? await matching(stores, name, known) : await named(stores, store, name)));
    const ids: string[] = [];
    for (const id of new Set(found.map((incident) => incident.id)))
      ids.push(await acknowledgeOne(stores, id, options.by));
    process.stdout.write(`${escapeForDisplay(`acknowledged ${ids.join(', ')}, by ${options.by}`)}\n`);
  });
}

function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/** @throws UsageError if nothing of this name is to be acknowledged */
async function named(stores: IncidentStores, store: ReportSource, name: string): Promise<readonly OpenIncident[]> {
  const open = await unacknowledged(stores, name);
  if (open.length === 0) throw new UsageError(await whyNothing(stores, store, name));
  return open;
}

/** @throws UsageError if nothing that matches is to be acknowledged */
async function matching(
  stores: IncidentStores,
  pattern: string,
  known: readonly string[],
): Promise<readonly OpenIncident[]> {
  checkPatterns('target', [pattern], known);
  const open: OpenIncident[] = [];
  for (const name of known.filter((one) => matchesGlob(pattern, one)))
    open.push(...(await unacknowledged(stores, name)));
  if (open.length === 0) throw new UsageError(`nothing that matches '${pattern}' has an incident to acknowledge`);
  return open;
}

async function unacknowledged(stores: IncidentStores, name: string): Promise<readonly OpenIncident[]> {
  return (await openIncidents(stores, name)).filter(({ acknowledged }) => acknowledged === undefined);
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
