import { Command } from 'commander';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { problemOf } from '../../../lambda/history/exported-item-check.ts';
import { packingVersion } from '../../../lambda/history/packing/round-packing.ts';
import {
  bounceRangesOf,
  domainsNamedBy,
  itemsInRange,
  type KeyRange,
  keyRangesOf,
  namesOfPartitions,
  notificationRanges,
  postureRangesOf,
  progressShare,
  roundTripsNamedBy,
  tripRangesOf,
} from '../../../lambda/history/table/export-key-ranges.ts';
import {
  postureVerdictsKey,
  postureWatchKey,
  tripMailboxesKey,
  tripVerdictsKey,
} from '../../../lambda/history/table/keys.ts';
import type { Item, Table } from '../../../lambda/history/table/table.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { type TimeOptions, timeRange, withTimeOptions } from '../../arguments/time.ts';
import { openProgressBar, type ProgressBar } from '../../display/layout/progress-bar.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { type ExportHeading, STANDARD_OUTPUT, writeExport } from '../../store/export-file.ts';
import type { OpenTable } from '../../store/open-table.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface ExportOptions extends StoreOptions, TimeOptions {
  readonly out: string;
}

const HELP = `
Examples:
  smtp-quorum export --out history.ndjson.gz
  smtp-quorum export --since 2026-11-01 --until 2026-11-30 --out november.ndjson.gz --table smtp-quorum --region us-east-1
  smtp-quorum export --since 7d --out - | zstd > week.ndjson.zst

One item of the table per line, as it stands there: rounds, hours, days and verdicts, posture, bounces, round trips,
incidents that were under way, and who was told of them.
'smtp-quorum import FILE' reads it back, into the same history or another one.`;

export function exportCommand(): Command {
  const command = new Command('export').requiredOption(
    '--out <file>',
    'file to write, compressed where its name ends in .gz; - is standard output',
  );
  return withStoreOptions(withTimeOptions(command, '1970-01-01T00:00Z')).addHelpText('after', HELP).action(run);
}

async function run(options: ExportOptions): Promise<void> {
  const { clock, since, until } = timeRange(options);
  const heading: ExportHeading = { format: 'smtp-quorum-export', version: 1, at: isoSeconds(clock.now), since, until };
  const progress = openProgressBar(process.stderr, screenOf(process.stderr));
  const count = await withStore(options, async (store, opened) => {
    const { vantages, subjects } = await namesOf(store, opened);
    const stretches = [
      ...keyRangesOf(vantages, subjects, since, until),
      ...postureRangesOf(await postureDomains(store), since, until),
      ...bounceRangesOf(since, until),
      ...tripRangesOf(await roundTripsOf(store), since, until),
      ...notificationRanges(),
    ];
    return await writeExport(options.out, heading, readableItems(everything(store, stretches, progress)));
  }).finally(progress.end);
  const told = options.out === STANDARD_OUTPUT ? process.stderr : process.stdout;
  told.write(
    `${count} items written to ${options.out === STANDARD_OUTPUT ? 'standard output' : escapeForDisplay(options.out)}\n`,
  );
}

/** An item that cannot be read could not be imported either. */
async function* readableItems(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let omitted = 0;
  for await (const item of items) {
    // An item of a later version is exported as it is: that version imports it.
    const isReadable = problemOf(item) === null || isOfLaterVersion(item);
    if (isReadable) yield item;
    else omitted += 1;
  }
  if (omitted > 0) process.stderr.write(`${omitted} items that cannot be read are not exported\n`);
}

function isOfLaterVersion({ packing }: Item): boolean {
  return typeof packing === 'number' && packing > packingVersion;
}

/** The verdicts name targets and vantages. A table without them, as one that was filled by hand, is read whole for them. */
async function namesOf(store: Store, opened: OpenTable): Promise<Pick<Store, 'vantages' | 'subjects'>> {
  if (store.judgements.length > 0) return store;
  process.stderr.write(
    'there are no verdicts, which name targets and vantages: the whole table is read for its names\n',
  );
  return namesOfPartitions(await opened.partitions());
}

/** Those of the config, and those of which something is stored. */
async function postureDomains({ table, config }: Store): Promise<readonly string[]> {
  const configured = (config?.posture ?? []).map(({ domain }) => domain);
  const stored = domainsNamedBy(await itemsOf(table, [postureVerdictsKey.pk, postureWatchKey.pk]));
  return [...new Set([...configured, ...stored])];
}

/** Likewise. */
async function roundTripsOf({ table, config }: Store): Promise<readonly string[]> {
  const configured = (config?.roundTrips ?? []).map(({ id }) => id);
  const stored = roundTripsNamedBy(await itemsOf(table, [tripVerdictsKey, tripMailboxesKey]));
  return [...new Set([...configured, ...stored])];
}

async function itemsOf(table: Table, partitions: readonly string[]): Promise<readonly Item[]> {
  return (await Promise.all(partitions.map((pk) => table.query(pk, {})))).flat();
}

async function* everything({ table }: Store, stretches: readonly KeyRange[], progress: ProgressBar) {
  let count = 0;
  for (const [at, stretch] of stretches.entries()) {
    let first: string | null = null;
    for await (const item of itemsInRange(table, stretch)) {
      count += 1;
      first ??= item.sk;
      const done = (at + progressShare(item.sk, first, stretch)) / stretches.length;
      progress.show(done, `${count} items  ${item.pk} ${item.sk}`);
      yield item;
    }
  }
}
