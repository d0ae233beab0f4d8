import { Command } from 'commander';
import { plannedAt } from '../../../lambda/alert/windows/in-force.ts';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { nextWindows } from '../../../lambda/reports/planned/next-windows.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { type MuteRow, muteLines } from '../../display/planned/mute-list.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface MutesOptions extends StoreOptions {
  readonly all?: true;
  readonly json?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum mutes
  smtp-quorum mutes --all --json

Lists what is muted, and the windows of the config that are in force or come next. 'smtp-quorum mute' mutes by hand.`;

export function mutesCommand(): Command {
  const command = new Command('mutes')
    .option('--all', 'also mutes that ended in the last days')
    .option('--json', 'print one line of JSON for each')
    .option('--utc', 'print times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(options: MutesOptions): Promise<void> {
  await withStore(options, async ({ table, config }) => {
    const now = Date.now();
    const { mutes } = await openWindowStore(table).mutes();
    const listed = mutes.filter(({ until }) => options.all === true || until > now).sort((a, b) => a.from - b.from);
    const windows = config?.maintenance ?? [];
    const open = plannedAt(windows, [], now).filter(({ until }) => until > now);
    const rows: readonly MuteRow[] = [
      ...listed.map((mute): MuteRow => ({ kind: 'mute', ...mute, inForce: mute.until > now })),
      ...open.map(({ kind, id, why, from, until, scope }): MuteRow => {
        return { kind, id, why, from, until, ...scope, inForce: true };
      }),
      ...nextWindows(windows, now).map(({ id, why, from, until, targets, tags }): MuteRow => {
        const scope = { ...(targets && { targets }), ...(tags && { tags }) };
        return { kind: 'window', id, why, from, until, ...scope, inForce: false };
      }),
    ];
    const clock = { now, utc: options.utc === true };
    const lines = options.json
      ? rows.map(({ from, until, ...row }) => asciiJson({ ...row, from: iso(from), until: iso(until) }))
      : muteLines(rows, clock, screenOf(process.stdout));
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
