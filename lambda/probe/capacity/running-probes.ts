/** Probes that run at the same time, and the samples of those that have ended. */
import type { Target } from '../../config/config.ts';
import type { Sample } from '../../smtp/sample/sample.ts';

/** The sample of a probe that has ended. */
export interface EndedProbe {
  readonly target: Target;
  readonly sample: Sample;
}

export interface RunningProbes {
  /** Resolves when every probe has ended, or after so many milliseconds. */
  wait(milliseconds?: number): Promise<void>;
  /** Resolves when the probe of this target has ended. */
  waitFor(target: string): Promise<void>;
  /** The probes that ended since the last call, in the order of their targets. */
  takeEnded(): readonly EndedProbe[];
  /** The targets whose probes have not ended. */
  underWay(): readonly Target[];
  /** The targets for which there was no time, by their ids. */
  unreached(): readonly string[];
}

/** @param probe never rejects; null if there was no time for the target */
export function startProbes(
  targets: readonly Target[],
  probe: (target: Target) => Promise<Sample | null>,
): RunningProbes {
  const running = new Map<Target, Promise<void>>();
  const all = new Map<string, Promise<void>>();
  const ended = new Map<Target, Sample>();
  const unreached: string[] = [];
  for (const target of targets) {
    const end = (sample: Sample | null) => {
      if (sample === null) unreached.push(target.id);
      else ended.set(target, sample);
      running.delete(target);
    };
    const work = probe(target).then(end);
    running.set(target, work);
    all.set(target.id, work);
  }
  return {
    wait: async (milliseconds) => {
      const rest = Promise.all(running.values());
      await (milliseconds === undefined ? rest : firstOf(rest, milliseconds));
    },
    waitFor: async (target) => all.get(target),
    takeEnded: () => {
      const taken = targets.flatMap((target) => {
        const sample = ended.get(target);
        return sample === undefined ? [] : [{ target, sample }];
      });
      ended.clear();
      return taken;
    },
    underWay: () => [...running.keys()],
    unreached: () => unreached,
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
