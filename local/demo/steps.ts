import type { DemoFault } from './servers.ts';

/** What happens in the demo, by the round it begins with. The plot starts again after its last round. */
const acts: readonly {
  readonly rounds: number;
  readonly says: string;
  readonly trouble: (ehloNames: readonly string[]) => DemoFault;
}[] = [
  { rounds: 3, says: 'All four servers are healthy.', trouble: () => ({ kind: 'none' }) },
  {
    rounds: 3,
    says: 'The server `flaky` now refuses one vantage. One of three is no quorum: nobody is paged.',
    trouble: (ehloNames) => ({ kind: 'one', ehloName: ehloNames[1] ?? '' }),
  },
  { rounds: 3, says: 'That front end is mended.', trouble: () => ({ kind: 'none' }) },
  {
    rounds: 4,
    says: 'The disk of `flaky` is full: it refuses everybody. A quorum will agree.',
    trouble: () => ({ kind: 'all' }),
  },
  {
    rounds: 7,
    says: 'The disk was cleared. Two passed rounds in a row make the recovery.',
    trouble: () => ({ kind: 'none' }),
  },
];

/** Rounds in one showing of the plot. */
export const scriptRounds = acts.reduce((sum, act) => sum + act.rounds, 0);

export interface Scene {
  /** What to say before this round; null where nothing changes. */
  readonly says: string | null;
  readonly trouble: DemoFault;
}

/** The scene of the round with this number, counted from 0. */
export function sceneAt(number: number, ehloNames: readonly string[]): Scene {
  let start = 0;
  const within = number % scriptRounds;
  for (const act of acts) {
    if (within < start + act.rounds) {
      return { says: within === start ? act.says : null, trouble: act.trouble(ehloNames) };
    }
    start += act.rounds;
  }
  throw new RangeError(`no scene for round ${number}`);
}
