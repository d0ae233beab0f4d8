import type { Witness } from '../../consensus/judgement/incident.ts';

/** Failures whose detail is a measurement although the server replied. For all others the reply says more. */
const MEASURED_BESIDE_REPLY: ReadonlySet<string> = new Set(['deferred-too-long']);

/** The measurement of a witness, with its bound: `took 7021 ms, above 5000 ms`; null if the reply of the server is the evidence. */
export function measurementOf({ code, reply, detail = null }: Witness): string | null {
  if (detail === null || detail === '') return null;
  return reply === null || MEASURED_BESIDE_REPLY.has(code ?? '') ? detail : null;
}

/** The measurement of the leading witness, with its vantage if others with the same failure measured another value. */
export function measuredFact(leading: Witness | null, witnesses: readonly Witness[]): string | null {
  const fact = leading === null ? null : measurementOf(leading);
  if (leading === null || fact === null) return null;
  const alike = witnesses.filter(({ phase, code }) => phase === leading.phase && code === leading.code);
  return alike.every((other) => measurementOf(other) === fact) ? fact : `${fact}, at ${leading.vantage}`;
}
