import { Command } from 'commander';
import { isoSeconds } from '../../lambda/round.ts';
import { type Heading, writeArchive } from '../archive-file.ts';
import { type Progress, progressOn } from '../display/progress.ts';
import { screenOf } from '../display/screen.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../store.ts';
import { type TimeOptions, timeRange, withTimeOptions } from '../time-argument.ts';
import { itemsIn, type Stretch, stretchesOf } from '../walk.ts';

interface ExportOptions extends StoreOptions, TimeOptions {
  readonly out: string;
}

const HELP = `
Examples:
  smtp-quorum export --out history.ndjson.gz
  smtp-quorum export --since 2026-11-01 --until 2026-12-01 --out november.ndjson.gz --table smtp-quorum --region us-east-1

One item of the table per line, as it stands there: rounds, hours, days, incidents and verdicts.
'smtp-quorum import FILE' reads it back, into the same history or another one.`;

export function exportCommand(): Command {
  const command = new Command('export').requiredOption(
    '--out <file>',
    'file to write; compressed where its name ends in .gz',
  );
  return withStoreOptions(withTimeOptions(command, '1970-01-01T00:00Z')).addHelpText('after', HELP).action(run);
}

async function run(options: ExportOptions): Promise<void> {
  const { clock, since, until } = timeRange(options);
  const heading: Heading = { format: 'smtp-quorum-export', version: 1, at: isoSeconds(clock.now), since, until };
  const progress = progressOn(process.stderr, screenOf(process.stderr));
  const count = await withStore(options, (store) => {
    const stretches = stretchesOf(store.vantages, store.subjects, since, until);
    return writeArchive(options.out, heading, everything(store, stretches, progress));
  });
  progress.end();
  process.stdout.write(`${count} items written to ${options.out}\n`);
}

async function* everything({ table }: Store, stretches: readonly Stretch[], progress: Progress) {
  let count = 0;
  for (const [at, stretch] of stretches.entries()) {
    for await (const item of itemsIn(table, stretch)) {
      count += 1;
      progress.show(at / stretches.length, `${count} items  ${item.pk} ${item.sk}`);
      yield item;
    }
  }
}
