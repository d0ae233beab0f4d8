import { Command } from 'commander';
import { inParallel } from '../../../lambda/history/table/parallel.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { openProgressBar } from '../../display/layout/progress-bar.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { countExport, readExport } from '../../store/export-file.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

const HELP = `
Examples:
  smtp-quorum import history.ndjson.gz
  smtp-quorum import november.ndjson.gz --table smtp-quorum --region us-east-1

What the history has already is left as it is: an import that was broken off can be run again.`;

/** Writes under way at once. */
const AT_ONCE = 25;

export function importCommand(): Command {
  const command = new Command('import').argument('<file>', 'file that export wrote, compressed or not');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(file: string, options: StoreOptions): Promise<void> {
  const total = await countExport(file);
  const progress = openProgressBar(process.stderr, screenOf(process.stderr));
  const written = await withStore({ ...options, create: true }, async (store) => {
    let done = 0;
    let fresh = 0;
    for await (const batch of batchesOf(readExport(file))) {
      fresh += await putAll(store, batch);
      done += batch.length;
      progress.show(done / total, `${done} of ${total} items`);
    }
    return fresh;
  });
  progress.end();
  process.stdout.write(
    `${written} of ${total} items were new and are written; ${total - written} were there already\n`,
  );
}

/** How many of them were not there yet. */
async function putAll({ table }: Store, items: readonly Item[]): Promise<number> {
  const written = await inParallel(items, AT_ONCE, (item) => table.put(item, { absent: true }));
  return written.filter((fresh) => fresh).length;
}

async function* batchesOf(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
