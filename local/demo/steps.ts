import type { DemoFault } from './servers.ts';

/** What happens in the demo, by the round it begins with. The plot starts again after its last round. */
const steps: readonly {
  readonly rounds: number;
  readonly message: string;
  readonly fault: (ehloNames: readonly string[]) => DemoFault;
}[] = [
  { rounds: 3, message: 'All four servers are healthy.', fault: () => ({ kind: 'none' }) },
  {
    rounds: 3,
    message: 'The server `flaky` now refuses one vantage. One of three is no quorum: nobody is paged.',
    fault: (ehloNames) => ({ kind: 'one', ehloName: ehloNames[1] ?? '' }),
  },
  { rounds: 3, message: 'That front end is mended.', fault: () => ({ kind: 'none' }) },
  {
    rounds: 4,
    message: 'The disk of `flaky` is full: it refuses everybody. A quorum will agree.',
    fault: () => ({ kind: 'all' }),
  },
  {
    rounds: 7,
    message: 'The disk was cleared. Two passed rounds in a row make the recovery.',
    fault: () => ({ kind: 'none' }),
  },
];

/** Rounds in one showing of the plot. */
export const demoRounds = steps.reduce((sum, step) => sum + step.rounds, 0);

export interface DemoStep {
  /** What to say before this round; null where nothing changes. */
  readonly message: string | null;
  readonly fault: DemoFault;
}

/** The scene of the round with this number, counted from 0. */
export function demoStepAt(number: number, ehloNames: readonly string[]): DemoStep {
  let start = 0;
  const within = number % demoRounds;
  for (const step of steps) {
    if (within < start + step.rounds) {
      return { message: within === start ? step.message : null, fault: step.fault(ehloNames) };
    }
    start += step.rounds;
  }
  throw new RangeError(`no scene for round ${number}`);
}
