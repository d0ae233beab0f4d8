/** Rules of `behind`: targets through which another is reached. */

import { closestWord } from '../../../standards/spelling.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, list, record, type Written } from '../rule-building-blocks.ts';

export function behindRules(config: Written): readonly ConfigFault[] {
  const parents = parentsOf(config);
  return list(config.targets).flatMap((target, place) =>
    list(record(target)?.behind).flatMap((parent, at) =>
      typeof parent === 'string' ? faultOf(parents, place, at, String(record(target)?.id), parent) : [],
    ),
  );
}

function parentsOf(config: Written): ReadonlyMap<string, readonly string[]> {
  return new Map(
    list(config.targets).flatMap((target) => {
      const { id, behind } = record(target) ?? {};
      return typeof id === 'string' ? [[id, list(behind).filter((one) => typeof one === 'string')] as const] : [];
    }),
  );
}

function faultOf(
  parents: ReadonlyMap<string, readonly string[]>,
  place: number,
  at: number,
  id: string,
  parent: string,
): readonly ConfigFault[] {
  const path = ['targets', place, 'behind', at];
  if (!parents.has(parent)) {
    const closest = closestWord(parent, [...parents.keys()]);
    return [
      atValue(path, `no target has the id \`${parent}\``, closest === null ? null : `did you mean \`${closest}\`?`),
    ];
  }
  if (parent === id) return [atValue(path, 'is the target itself')];
  const circle = pathTo(parents, parent, id);
  if (circle === null) return [];
  return [
    atValue(
      path,
      `makes a circle: ${[id, ...circle].map((name) => `\`${name}\``).join(' is behind ')}`,
      'if all of them were down, nobody would be told; remove one of the links',
    ),
  ];
}

/** The targets from one to another, by what they are behind; null if there is no such way. */
function pathTo(parents: ReadonlyMap<string, readonly string[]>, from: string, to: string): readonly string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  for (const [id] of before) for (const next of parents.get(id) ?? []) if (!before.has(next)) before.set(next, id);
  if (!before.has(to)) return null;
  const way: string[] = [];
  for (let at: string | null = to; at !== null; at = before.get(at) ?? null) way.unshift(at);
  return way;
}
