import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { plannedField, readPlannedOf } from '../../../lambda/reports/planned/planned-times.ts';
import { incidentAsJson, incidentState, readIncidents } from '../../../lambda/reports/source/incidents.ts';
import { knownSubject } from '../../arguments/known-names.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { incidentLines } from '../../display/tables/incident-list.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface IncidentsOptions extends StoreOptions {
  readonly open?: true;
  readonly json?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum incidents --open
  smtp-quorum incidents mx1
  smtp-quorum incidents mx1 --json | jq -r .id

Exit code: 0, also without incidents; 3 bad usage.`;

export function incidentsCommand(): Command {
  const command = new Command('incidents')
    .argument('[target]', 'id of a target (default: all)')
    .option('--open', 'only open incidents')
    .option('--json', 'print one line of JSON per incident')
    .option('--utc', 'print times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(target: string | undefined, options: IncidentsOptions): Promise<void> {
  await withStore(options, async (store) => {
    const all = await readIncidents(store, target === undefined ? store.subjects : [knownSubject(target, store)]);
    const incidents = options.open ? all.filter(({ closed }) => closed === null) : all;
    const planned = await readPlannedOf(store, incidents);
    const clock = { now: Date.now(), utc: options.utc === true };
    const lines = options.json
      ? incidents.map((incident) =>
          asciiJson({ ...incidentAsJson(store, incident), ...plannedField(planned(incident)) }),
        )
      : incidentLines(
          incidents,
          (incident) => incidentState(store, incident),
          planned,
          clock,
          screenOf(process.stdout),
        );
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}
