import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { presentStatements } from '../../../lambda/history/statements/statement.ts';
import { openStatementStore } from '../../../lambda/history/statements/statement-store.ts';
import { plannedField, readPlannedOf } from '../../../lambda/reports/planned/planned-times.ts';
import { readWholeIncident } from '../../../lambda/reports/snapshot/incident/whole-incident.ts';
import { incidentAsJson, incidentState, readChapters } from '../../../lambda/reports/source/incidents.ts';
import type { ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { postMortem } from '../../../web/pages/incident/post-mortem.ts';
import { incidentArgument } from '../../arguments/incident.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { plannedLines } from '../../display/planned/planned-lines.ts';
import { statementLines } from '../../display/statements/statement-list.ts';
import { evidenceLines } from '../../display/tables/incident-evidence.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface IncidentOptions extends StoreOptions {
  readonly json?: true;
  readonly markdown?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum incident mx1@2026-11-22T05:08:00Z    the id in an alert
  smtp-quorum incident mx1                         the newest incident of mx1
  smtp-quorum incident mx1 --markdown > post-mortem.md`;

export function incidentCommand(): Command {
  const command = new Command('incident')
    .argument('<id>', 'id of an incident, or of a target for its newest incident')
    .option('--json', 'print one line of JSON')
    .option('--markdown', 'print words for a post-mortem as Markdown, in UTC, with the votes of each round')
    .option('--utc', 'print times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(id: string, options: IncidentOptions): Promise<void> {
  await withStore(options, async (store) => {
    const incident = await incidentArgument(id, store);
    if (options.markdown) return await printMarkdown(store, incident);
    const chapters = await readChapters(store, incident);
    const clock = { now: Date.now(), utc: options.utc === true };
    const planned = (await readPlannedOf(store, [incident]))(incident);
    const said = presentStatements((await openStatementStore(store.table).statements(incident.id)).statements);
    const screen = screenOf(process.stdout);
    const lines = options.json
      ? [
          asciiJson({
            ...incidentAsJson(store, incident),
            ...plannedField(planned),
            chapters,
            ...(said.length === 0 ? {} : { statements: said }),
          }),
        ]
      : [
          ...evidenceLines(incident, chapters, incidentState(store, incident), clock, screen),
          ...plannedLines(planned === null ? [] : [planned], clock),
          ...(said.length === 0 ? [] : ['', ...statementLines(incident.id, said, clock, screen)]),
        ];
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}

/** The same as on the status page. */
async function printMarkdown(store: ReportSource, incident: Incident): Promise<void> {
  const now = Date.now();
  process.stdout.write(postMortem(await readWholeIncident(store, incident, now), isoSeconds(now)));
}
