import type { Incident } from '../../lambda/consensus/incident.ts';
import { type Policy, windowOf } from '../../lambda/consensus/policy.ts';
import type { Verdict } from '../../lambda/consensus/verdict.ts';
import type { Sighting } from '../../lambda/history/rollup.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { openReplay } from '../replay/replay.ts';
import type { Store } from '../store.ts';
import { type Change, type Spell, spellsBetween, spellsOf } from './spells.ts';

/**
 * The spells of an incident. While a target flaps its incident stays open over each recovery, and its timeline tells none of
 * them: then the judge is led through the samples once more.
 * @param now where an incident that lasts is cut off, epoch milliseconds
 */
export async function judgedSpells(
  { history, vantages }: Pick<Store, 'history' | 'vantages'>,
  policy: Policy,
  incident: Incident,
  now: number,
): Promise<readonly Spell[]> {
  const { target, opened, closed } = incident;
  const from = isoSeconds(Date.parse(opened) - windowOf(policy));
  const sightings = await history.samples(target, vantages, from, closed ?? isoSeconds(now));
  const changes = changesIn(sightings, target, policy).filter(({ at }) => at >= Date.parse(opened));
  const recovered = changes.findIndex(({ verdict }) => verdict === 'up');
  const flapped = recovered > 0 && changes.slice(recovered).some(({ verdict }) => verdict !== 'up');
  return flapped ? spellsBetween(incident, now, changes) : spellsOf(incident, now);
}

/** Changes of verdict, each at the round that made it. */
function changesIn(sightings: readonly Sighting[], target: string, policy: Policy): readonly Change[] {
  const changes: Change[] = [];
  let present: Verdict = 'up';
  const replay = openReplay([target], policy, (round, judgements) => {
    const verdict = judgements.find((one) => one.target === target)?.verdict ?? present;
    if (verdict !== present) changes.push({ at: Date.parse(round), verdict });
    present = verdict;
  });
  for (const { sample, ...named } of sightings) replay.see({ ...named, samples: new Map([[target, sample]]) });
  replay.end();
  return changes;
}
