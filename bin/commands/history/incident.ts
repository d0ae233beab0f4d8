import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { plannedField, readPlannedOf } from '../../../lambda/reports/planned/planned-times.ts';
import { incidentAsJson, incidentState, readChapters } from '../../../lambda/reports/source/incidents.ts';
import { incidentArgument } from '../../arguments/incident.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { plannedLines } from '../../display/planned/planned-lines.ts';
import { evidenceLines } from '../../display/tables/incident-evidence.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface IncidentOptions extends StoreOptions {
  readonly json?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum incident mx1@2026-11-22T05:08:00Z    the id in an alert
  smtp-quorum incident mx1                         the newest incident of mx1`;

export function incidentCommand(): Command {
  const command = new Command('incident')
    .argument('<id>', 'id of an incident, or of a target for its newest incident')
    .option('--json', 'print one line of JSON')
    .option('--utc', 'print times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(id: string, options: IncidentOptions): Promise<void> {
  await withStore(options, async (store) => {
    const incident = await incidentArgument(id, store);
    const chapters = await readChapters(store, incident);
    const clock = { now: Date.now(), utc: options.utc === true };
    const planned = (await readPlannedOf(store, [incident]))(incident);
    const lines = options.json
      ? [asciiJson({ ...incidentAsJson(store, incident), ...plannedField(planned), chapters })]
      : [
          ...evidenceLines(incident, chapters, incidentState(store, incident), clock, screenOf(process.stdout)),
          ...plannedLines(planned === null ? [] : [planned], clock),
        ];
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}
