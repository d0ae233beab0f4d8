/** Decides which samples count, by what the vantage can reach. */
import type { ProbePorts } from '../../ports.ts';
import type { Sample } from '../../smtp/sample/sample.ts';
import { type EndedProbe, firstOf, type RunningProbes } from '../capacity/running-probes.ts';
import { applyBlockedPort } from './blocked-port.ts';
import { applyControlResult } from './control-target.ts';
import { isReached } from './server-reached.ts';

export interface SampleJudge {
  /**
   * The samples of probes that have ended, by target. A sample that did not reach its server waits for the result of the
   * control target, and is returned by a later call.
   */
  of(ended: readonly EndedProbe[]): ReadonlyMap<string, Sample>;
  /** Whether a sample waits for the control target. */
  waits(): boolean;
  /** Resolves with the probe of the control target, or after so many milliseconds. */
  waitForControl(milliseconds?: number): Promise<void>;
}

/** @param control the sample of the control target; null without one */
export function judgeSamples(
  ports: ProbePorts,
  control: Promise<Sample | null>,
  finish: (sample: Sample) => Sample,
): SampleJudge {
  let result: { readonly sample: Sample | null } | null = null;
  let waiting: readonly EndedProbe[] = [];
  const arrived = control.then((sample) => {
    result = { sample };
  });
  // It is thrown where it is waited for.
  arrived.catch(() => {});
  return {
    of(ended) {
      const all = [...waiting, ...ended];
      waiting = result === null ? all.filter(({ sample }) => dependsOnControl(sample)) : [];
      const ready = all.filter((one) => !waiting.includes(one));
      const measured = ready.map(({ target: { port }, sample }) =>
        applyBlockedPort({ sample, port }, ports.blockedPort),
      );
      const samples = applyControlResult(measured, result?.sample ?? null, ports.config.control?.port ?? 0);
      return new Map(ready.map(({ target }, at) => [target.id, finish(samples[at] as Sample)]));
    },
    waits: () => waiting.length > 0,
    waitForControl: (milliseconds) => (milliseconds === undefined ? arrived : firstOf(arrived, milliseconds)),
  };
}

function dependsOnControl(sample: Sample): boolean {
  return sample.outcome === 'fail' && !isReached(sample);
}

/** The samples that are known after so many milliseconds, or earlier if all are. */
export async function samplesWithin(
  milliseconds: number,
  probes: RunningProbes,
  judged: SampleJudge,
): Promise<ReadonlyMap<string, Sample>> {
  const until = performance.now() + milliseconds;
  await probes.wait(milliseconds);
  const first = judged.of(probes.takeEnded());
  if (!judged.waits()) return first;
  await judged.waitForControl(Math.max(0, until - performance.now()));
  return new Map([...first, ...judged.of(probes.takeEnded())]);
}
