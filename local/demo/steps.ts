/** The steps of the demo: which server fails, and for how many rounds. */
import type { DemoFault } from './servers.ts';

/** In order. After the last step the demo starts again. */
const steps: readonly {
  readonly rounds: number;
  readonly message: string;
  readonly fault: (ehloNames: readonly string[]) => DemoFault;
}[] = [
  { rounds: 3, message: 'All four servers are healthy.', fault: () => ({ kind: 'none' }) },
  {
    rounds: 3,
    message: 'The server `flaky` now refuses one vantage. One vote of three is not a quorum: nobody is alerted.',
    fault: (ehloNames) => ({ kind: 'one', ehloName: ehloNames[1] ?? '' }),
  },
  { rounds: 3, message: 'The server accepts this vantage again.', fault: () => ({ kind: 'none' }) },
  {
    rounds: 4,
    message: 'The disk of `flaky` is full: it refuses every vantage. A quorum will decide that it is down.',
    fault: () => ({ kind: 'all' }),
  },
  {
    rounds: 7,
    message: 'The disk has space again. The target recovers after two passed rounds in a row.',
    fault: () => ({ kind: 'none' }),
  },
];

/** Rounds in all steps together. */
export const demoRounds = steps.reduce((sum, step) => sum + step.rounds, 0);

export interface DemoStep {
  /** The message to show before this round; null if nothing changes. */
  readonly message: string | null;
  readonly fault: DemoFault;
}

/** The step of the round with this number, counted from 0. */
export function demoStepAt(number: number, ehloNames: readonly string[]): DemoStep {
  let start = 0;
  const within = number % demoRounds;
  for (const step of steps) {
    if (within < start + step.rounds) {
      return { message: within === start ? step.message : null, fault: step.fault(ehloNames) };
    }
    start += step.rounds;
  }
  throw new RangeError(`no step for round ${number}`);
}
