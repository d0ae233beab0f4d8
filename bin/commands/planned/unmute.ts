import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { StoredMute } from '../../../lambda/history/windows/mute-item.ts';
import { openWindowStore, type WindowStore } from '../../../lambda/history/windows/window-store.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { closestWord } from '../../../lambda/standards/spelling.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { scopeText } from '../../display/planned/scope-text.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface UnmuteOptions extends StoreOptions {
  readonly by: string;
}

const HELP = `
Examples:
  smtp-quorum unmute mute-3f9a1c
  smtp-quorum unmute mx1            each mute of mx1 alone

What is still down is told within a minute. 'smtp-quorum mutes' lists what is muted.`;

export function unmuteCommand(): Command {
  const command = new Command('unmute')
    .argument('<mute>', 'id of a mute, or what it names')
    .option('--by <name>', 'who ends it', userInfo().username);
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(name: string, options: UnmuteOptions): Promise<void> {
  await withStore(options, async ({ table }) => {
    const store = openWindowStore(table);
    const now = Math.floor(Date.now() / 1000) * 1000;
    const { mutes } = await store.mutes();
    const open = mutes.filter(({ until }) => until > now);
    const named = open.filter((mute) => mute.id === name || scopeText(mute) === name);
    if (named.length === 0) throw new UsageError(notMuted(name, mutes, open));
    for (const { id } of named) {
      const mute = await end(store, id, now, options.by);
      process.stdout.write(`${escapeForDisplay(`${mute.id} ended: ${scopeText(mute)} is no longer muted by it`)}\n`);
    }
  });
}

function notMuted(name: string, all: readonly StoredMute[], open: readonly StoredMute[]): string {
  if (all.some(({ id }) => id === name)) return `${name} has ended already`;
  const names = open.flatMap((mute) => [mute.id, scopeText(mute)]);
  const meant = closestWord(name, names);
  if (meant !== null) return `there is no mute '${name}'; did you mean '${meant}'?`;
  return open.length === 0
    ? 'nothing is muted'
    : `there is no mute '${name}'; in force: ${open.map(({ id }) => id).join(', ')}`;
}

const ATTEMPTS = 5;

/** Writes only if nobody else has changed it meanwhile. */
async function end(store: WindowStore, id: string, now: number, by: string): Promise<StoredMute> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mute = (await store.mutes()).mutes.find((one) => one.id === id);
    if (mute === undefined || mute.until <= now) throw new UsageError(`${id} has ended already`);
    const ended = { ...mute, until: Math.max(now, mute.from), endedBy: by, version: mute.version + 1 };
    if (await store.writeMute(ended)) return ended;
  }
  throw new UsageError(`${id} changed during the update; try again`);
}
