import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { StoredMute } from '../../../lambda/history/windows/mute-item.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { type EndOptions, muteEnd } from '../../arguments/planned/mute-end.ts';
import { checkPatterns, mutableNames } from '../../arguments/planned/muted-names.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { timeText } from '../../display/layout/times.ts';
import { scopeText } from '../../display/planned/scope-text.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface MuteOptions extends StoreOptions, EndOptions {
  readonly why?: string;
  readonly by: string;
  readonly tag?: readonly string[];
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum mute mx1 --for 2h --why "new power supply"
  smtp-quorum mute 'mx*' example.com --until 2026-11-27T08:00 --why "move to the new rack"
  smtp-quorum mute --tag edge --for 30m --why "firewall update" --table smtp-quorum --region us-east-1
  smtp-quorum mute '*' --for 1h --why "whole site is moved"

Nobody is told of what is muted. Probes go on, and verdicts and incidents are recorded and marked as planned. What is still down
when the mute ends is told at once. Who was told of an incident before is told of its end also while it is muted. A mute
always has an end, after 30 days at most. Work that repeats stands under \`maintenance\` in the config.`;

export function muteCommand(): Command {
  const command = new Command('mute')
    .argument('[targets...]', "targets, domains and round trips, also as patterns in quotes: 'mx*'")
    .option('--tag <tags>', 'targets with one of these tags, also as patterns', (text) => text.split(','))
    .option('--for <duration>', 'length, such as 30m, 2h or 3d')
    .option('--until <time>', 'end instead of a length: 2026-11-27T08:00')
    .option('--why <text>', 'reason, for the history and for others')
    .option('--by <name>', 'who mutes', userInfo().username)
    .option('--utc', 'times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

/** Characters of a reason. */
const LONGEST_REASON = 200;

async function run(targets: readonly string[], options: MuteOptions): Promise<void> {
  const clock = { now: Math.floor(Date.now() / 1000) * 1000, utc: options.utc === true };
  const until = muteEnd(options, clock);
  const why = reasonOf(options.why);
  const tags = options.tag ?? [];
  if (targets.length === 0 && tags.length === 0)
    throw new UsageError("name targets or --tag; '*' in quotes mutes everything");
  await withStore(options, async (store) => {
    await checkNames(store, targets, tags);
    const mute = await write(store, {
      from: clock.now,
      until,
      why,
      by: options.by,
      ...(targets.length === 0 ? {} : { targets }),
      ...(tags.length === 0 ? {} : { tags }),
    });
    const end = `${timeText(new Date(until).toISOString(), clock)} (${durationText(until - clock.now)})`;
    process.stdout.write(
      `${escapeForDisplay(`muted ${scopeText(mute)} until ${end}: ${why}`)}\n'smtp-quorum unmute ${mute.id}' ends it before\n`,
    );
  });
}

function reasonOf(why: string | undefined): string {
  const reason = why?.trim() ?? '';
  if (reason === '') throw new UsageError('a mute has a reason: add --why "new power supply"');
  if (reason.length <= LONGEST_REASON && !/\p{Cc}/u.test(reason)) return reason;
  throw new UsageError(`--why: one line of ${LONGEST_REASON} characters at most`);
}

async function checkNames(store: Store, targets: readonly string[], tags: readonly string[]): Promise<void> {
  if (targets.length > 0) checkPatterns('target', targets, await mutableNames(store));
  // Tags are in the config alone: without it they cannot be checked.
  if (store.config === null) return;
  checkPatterns('tag', tags, [...new Set(store.config.targets.flatMap((target) => target.tags ?? []))]);
}

const ATTEMPTS = 5;

/** Under an id that is short to type. */
async function write({ table }: Store, mute: Omit<StoredMute, 'id' | 'version'>): Promise<StoredMute> {
  const store = openWindowStore(table);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = { ...mute, id: `mute-${randomBytes(3).toString('hex')}`, version: 1 };
    if (await store.writeMute(stored)) return stored;
  }
  throw new UsageError('the mute could not be stored; try again');
}
