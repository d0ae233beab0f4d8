import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { Policy } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { votesNeeded } from '../../../lambda/consensus/quorum/decide-verdict.ts';
import { comparePolicies } from '../../../lambda/reports/compare-policies.ts';
import { historyPolicy, isSamePolicy } from '../../../lambda/reports/replay/configured-or-guessed-policy.ts';
import { findReplaySpan, type ReplaySpan } from '../../../lambda/reports/replay/read-past-rounds.ts';
import { readRounds } from '../../../lambda/reports/source/rounds.ts';
import { gapsWithin } from '../../../lambda/reports/source/select-gaps-in-range.ts';
import { changedPolicy, type PolicyOptions } from '../../arguments/policy.ts';
import { type TimeOptions, timeRange, withTimeOptions } from '../../arguments/time.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { openProgressBar } from '../../display/layout/progress-bar.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { comparisonLines } from '../../display/tables/replay-comparison.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface ReplayOptions extends StoreOptions, TimeOptions, PolicyOptions {
  readonly json?: true;
}

const HELP = `
Examples:
  smtp-quorum replay --quorum '{ down: 3, of: 5 }' --since 30d
  smtp-quorum replay --confirm 3
  smtp-quorum replay --minimum-voters 3 --since 2026-11-01 --json | jq .lost

The judge runs again under both policies, over the stored rounds of the last seven days and the samples in the hours
before, which are kept for 13 months. The replay has only the second opinions that were requested at that time.`;

export function replayCommand(): Command {
  const command = new Command('replay')
    .option('--quorum <quorum>', "votes that decide: majority, 2 or '{ down: 2, of: 3 }'")
    .option('--confirm <rounds>', 'consecutive failed rounds before a vantage votes down')
    .option('--recover <rounds>', 'consecutive passed rounds before it votes up again')
    .option('--minimum-voters <count>', 'with fewer voters the verdict is unknown')
    .option('--freshness <rounds>', 'rounds after which a vantage abstains')
    .option('--patience <rounds>', 'failed rounds of a minority before a target is degraded')
    .option('--json', 'print one line of JSON');
  return withStoreOptions(withTimeOptions(command, '7d')).addHelpText('after', HELP).action(run);
}

async function run(options: ReplayOptions): Promise<void> {
  const { clock, since, until } = timeRange(options);
  await withStore(options, async (store) => {
    // Nothing was watched after now.
    const past = await findReplaySpan(store, since, isoSeconds(Math.min(Date.parse(until), clock.now - 1000)));
    if (past === null) throw new UsageError(`no history from ${since} to ${until}`);
    const { span } = past;
    const newest = await readRounds(store, isoSeconds(span.to - 3_600_000), isoSeconds(span.to));
    const current = historyPolicy(store, newest);
    const other = changedPolicy(current, changesOf(options));
    const { comparison, ...replayed } = await compare(store, past, [current, other]);
    const quorums = [quorumText(current), quorumText(other)] as const;
    const gaps = gapsWithin(await store.history.gaps(), since, until);
    const range = { ...replayed, requested: { since, until }, gaps, quorums, samePolicy: isSamePolicy(current, other) };
    const lines = options.json
      ? [asciiJson({ ...range, ...comparison })]
      : comparisonLines(comparison, range, clock, screenOf(process.stdout));
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  });
}

/** The votes needed. A quorum of more vantages than exist needs proportionally fewer votes: `{ down: 3, of: 5 }` of three is two. */
function quorumText({ quorum, vantages }: Policy): string {
  return `${votesNeeded(quorum, vantages.length, vantages.length)} of ${vantages.length}`;
}

async function compare(store: Store, past: ReplaySpan, policies: readonly [current: Policy, other: Policy]) {
  const { from, to } = past.span;
  const progress = openProgressBar(process.stderr, screenOf(process.stderr));
  const found = await comparePolicies(store, past, policies, (round) =>
    progress.show((Date.parse(round) - from) / (to - from + 1), round),
  );
  progress.end();
  return found;
}

function changesOf(options: ReplayOptions): PolicyOptions {
  const { quorum, confirm, recover, minimumVoters, freshness, patience } = options;
  const given = Object.entries({ quorum, confirm, recover, minimumVoters, freshness, patience });
  const changes: PolicyOptions = Object.fromEntries(given.filter(([, text]) => text !== undefined));
  if (Object.keys(changes).length > 0) return changes;
  throw new UsageError("nothing to compare: set another policy, such as --quorum '{ down: 3, of: 5 }' or --confirm 3");
}
