/** Reads what the sessions of a probe were served in the last hours. */
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { roundItems } from '../history/packing/query-round-items.ts';
import { type ServedTarget, servedHostsOfRounds } from '../history/packing/read-served-hosts.ts';
import type { UntimedRound } from '../history/packing/recorded-round.ts';
import { unpackOutcomes } from '../history/packing/round-packing.ts';
import { isRoundHead } from '../history/table/keys.ts';
import type { Table } from '../history/table/table.ts';
import { type ReportUnreadable, readable } from '../history/table/unreadable.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';

const MINUTE = 60_000;
/** A fleet of ten thousand targets has a megabyte in each round: few are held at a time. */
const SLICE = 10 * MINUTE;

/**
 * The hosts of the targets, as the probe of a vantage last saw them. All texts are in the first rounds of each hour, so that the
 * rounds since the beginning of the last one have them.
 * @param now epoch milliseconds
 */
export async function readServedHosts(
  table: Table,
  {
    vantage,
    targets,
    now,
  }: { readonly vantage: string; readonly targets: readonly ServedTarget[]; readonly now: number },
  tell: ReportUnreadable,
): Promise<readonly ServedHost[]> {
  const rounds: UntimedRound[] = [];
  const hour = 60 * MINUTE;
  for (let from = (Math.floor(now / hour) - 1) * hour; from <= now; from += SLICE) {
    const items = await roundItems(table, vantage, isoSeconds(from), isoSeconds(from + SLICE - 1000), false);
    const bySk = new Map(items.map((item) => [item.sk, item]));
    const heads = items.filter(({ sk }) => isRoundHead(sk));
    rounds.push(...readable(heads, (head) => withServed(unpackOutcomes(head, (sk) => bySk.get(sk))), tell));
  }
  return targets.flatMap((target) => servedHostsOfRounds(rounds, target));
}

/** A round with the samples alone that say what was served. */
function withServed(round: UntimedRound): UntimedRound {
  return { ...round, samples: new Map([...round.samples].filter(([, { served }]) => served !== undefined)) };
}
