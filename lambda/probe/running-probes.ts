/** Probes that run at the same time, and the samples of those that have ended. */
import type { Target } from '../config/config.ts';
import type { Sample } from '../smtp/sample/sample.ts';

/** The sample of a probe that has ended. */
export interface EndedProbe {
  readonly target: Target;
  readonly sample: Sample;
}

export interface RunningProbes {
  /** Resolves when every probe has ended, or after so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
  /** Resolves when one more probe has ended, or if all have. */
  waitForNext(): Promise<void>;
  /** The probes that ended since the last call, in the order of their targets. */
  takeEnded(): readonly EndedProbe[];
  /** The targets whose probes have not ended. */
  underWay(): readonly Target[];
}

/** @param probe never rejects */
export function startProbes(targets: readonly Target[], probe: (target: Target) => Promise<Sample>): RunningProbes {
  const running = new Map<Target, Promise<void>>();
  const ended = new Map<Target, Sample>();
  for (const target of targets) {
    const end = (sample: Sample) => {
      ended.set(target, sample);
      running.delete(target);
    };
    running.set(target, probe(target).then(end));
  }
  return {
    wait: (milliseconds) => firstOf(Promise.all(running.values()), milliseconds),
    waitForNext: async () => {
      if (running.size > 0) await Promise.race(running.values());
    },
    takeEnded: () => {
      const taken = targets.flatMap((target) => {
        const sample = ended.get(target);
        return sample === undefined ? [] : [{ target, sample }];
      });
      ended.clear();
      return taken;
    },
    underWay: () => [...running.keys()],
  };
}

/** Resolves with the work, or after so many milliseconds. */
export async function firstOf(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
